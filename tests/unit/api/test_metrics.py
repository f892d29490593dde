"""What Prometheus reads: counts of this process, and how jobs and the disk stand at that moment."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families


def test_how_jobs_and_the_disk_stand_is_read_when_somebody_asks(viewer):
    page = viewer.request("GET", "/metrics").text
    found = {
        (each.name, tuple(sorted(each.labels.items()))): each.value
        for family in text_string_to_metric_families(page)
        for each in family.samples
    }
    assert found["tradewright_jobs", (("kind", "live"), ("state", "failed"))] == 0
    assert found["tradewright_disk_free_bytes", ()] > 0

import { queryOptions } from "@tanstack/react-query";
import { client } from "@/api/client";
import { keys } from "@/api/keys";
import { answer } from "@/api/problem";
import type { paths } from "@/api/schema.gen";
import { newer, type Reducer } from "@/api/stream/apply";
import type { Alert } from "@/api/types";

/** Which alerts, as the address says it. */
export type AlertFilter = { page?: number; severity?: Alert["severity"]; acknowledged?: boolean };

export type AlertPage = paths["/v1/alerts"]["get"]["responses"]["200"]["content"]["application/json"];

export const alertsQuery = (filter: AlertFilter) =>
  queryOptions({
    queryKey: keys.alerts.list(filter),
    queryFn: ({ signal }) => answer(client.GET("/v1/alerts", { params: { query: filter }, signal })),
    structuralSharing: newer as never,
  });

export const acknowledge = (id: string): Promise<Alert> =>
  answer(client.PATCH("/v1/alerts/{alert_id}/acknowledge", { params: { path: { alert_id: id } } }));

/** A page of alerts after an event: one that is raised or changes may come or go, so the page is fetched anew. */
export const alertsReducer: Reducer<AlertPage> = () => null;

/** The page with one alert acknowledged, before the server has said so: nothing is at stake. */
export function acknowledged(page: AlertPage, id: string, by: string, at: string): AlertPage {
  const change = (alert: Alert): Alert =>
    alert.id === id ? { ...alert, acknowledged_at: at, acknowledged_by: by } : alert;
  return { ...page, items: page.items.map(change) };
}

import { useEffect, useState } from "react";
import { onAnnouncement } from "./announce";

/** The two places from which screen readers read out what has just happened. */
export function Announcer() {
  const [polite, setPolite] = useState("");
  const [urgent, setUrgent] = useState("");
  useEffect(() => onAnnouncement((said) => (said.urgent ? setUrgent(said.text) : setPolite(said.text))), []);
  return (
    <div className="sr-only">
      <div aria-live="polite">{polite}</div>
      <div aria-live="assertive">{urgent}</div>
    </div>
  );
}

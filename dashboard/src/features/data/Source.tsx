import { StatusPill } from "@/ui/StatusPill";

/** Where bars came from; what nobody traded at is called by its name. */
export function Source({ synthetic, source }: { synthetic: boolean; source: string }) {
  return synthetic ? <StatusPill tone="warn" word="SYNTHETIC" title="Made up: no evidence of anything" /> : source;
}

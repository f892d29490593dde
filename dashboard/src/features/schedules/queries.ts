import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client, idempotent } from "@/api/client";
import { keys } from "@/api/keys";
import { answer } from "@/api/problem";
import type { components, paths } from "@/api/schema.gen";
import { newer } from "@/api/stream/apply";
import { isOverState } from "@/ui/jobWords";

type Schemas = components["schemas"];
export type Schedule = Schemas["Schedule"];
export type Firing = Schemas["ScheduleFiring"];
export type ScheduleWish = Schemas["ScheduleWish"];
export type ScheduleChange = Schemas["SchedulePatch"];
export type SchedulePage = paths["/v1/schedules"]["get"]["responses"]["200"]["content"]["application/json"];

export type ScheduleSearch = { page?: number };

export const schedulesQuery = (query: ScheduleSearch) =>
  queryOptions({
    queryKey: keys.schedules("list", query),
    queryFn: ({ signal }) => answer(client.GET("/v1/schedules", { params: { query }, signal })),
    structuralSharing: newer as never,
  });

const at = (id: string) => ({ path: { schedule_id: id } });

export const scheduleQuery = (id: string) =>
  queryOptions({
    queryKey: keys.schedules("one", id),
    queryFn: ({ signal }) => answer(client.GET("/v1/schedules/{schedule_id}", { params: at(id), signal })),
    structuralSharing: newer as never,
  });

const OPEN_MS = 2_000;

/** How often to ask: its job tells its own topic of its end, so while one goes on it is asked about. */
export const askedAgain = (firings: readonly (Firing | null)[] | undefined, poll: number): number =>
  firings?.some((each) => each?.job_state && !isOverState(each.job_state)) ? OPEN_MS : poll;

const FIRINGS = 20;

/** What became of the times of a schedule, latest first. */
export const firingsQuery = (id: string, page: number) =>
  queryOptions({
    queryKey: keys.schedules("firings", id, page),
    queryFn: ({ signal }) => {
      const params = { ...at(id), query: { page, per_page: FIRINGS } };
      return answer(client.GET("/v1/schedules/{schedule_id}/firings", { params, signal }));
    },
    placeholderData: keepPreviousData,
  });

/** The next five times of an expression of which no schedule has been made yet. */
export const timesQuery = (query: { when: string; zone: string }) =>
  queryOptions({
    queryKey: keys.schedules("times", query),
    queryFn: ({ signal }) => answer(client.GET("/v1/schedules/times", { params: { query }, signal })),
    enabled: query.when.trim() !== "" && query.zone.trim() !== "",
    retry: false,
  });

export const addSchedule = (body: ScheduleWish): Promise<Schedule> =>
  answer(client.POST("/v1/schedules", { body, headers: idempotent() }));

/** What is not said stays as it is. */
export const changeSchedule = (id: string, said: Partial<ScheduleChange>): Promise<Schedule> =>
  answer(client.PATCH("/v1/schedules/{schedule_id}", { params: at(id), body: said as ScheduleChange }));

export const pauseSchedule = (id: string, paused: boolean): Promise<Schedule> => changeSchedule(id, { paused });

export const runSchedule = (id: string) =>
  answer(client.POST("/v1/schedules/{schedule_id}/run", { params: at(id), headers: idempotent() }));

export const removeSchedule = (id: string) => answer(client.DELETE("/v1/schedules/{schedule_id}", { params: at(id) }));

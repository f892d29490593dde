import "@/theme.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { startPreferences } from "@/ui/preferences";
import { newQueryClient } from "./queries";
import { newRouter } from "./router";

startPreferences();
const queries = newQueryClient();
const router = newRouter(queries);
// Browsers offer it over https and on the machine itself; elsewhere an unreachable page is the browser's own.
navigator.serviceWorker?.register("/sw.js").catch(() => undefined);
const place = document.getElementById("root");
if (!place) throw new Error("index.html has no element 'root'");

createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);

import { BarChart, HeatmapChart, LineChart, ParallelChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent,
  GridComponent,
  ParallelComponent,
  TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([
  HeatmapChart,
  ParallelChart,
  ScatterChart,
  BarChart,
  LineChart,
  GridComponent,
  ParallelComponent,
  VisualMapComponent,
  TooltipComponent,
  AriaComponent,
  CanvasRenderer,
]);

export { init };

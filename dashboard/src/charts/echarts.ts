import { HeatmapChart, ParallelChart } from "echarts/charts";
import { GridComponent, ParallelComponent, TooltipComponent, VisualMapContinuousComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([
  HeatmapChart,
  ParallelChart,
  GridComponent,
  ParallelComponent,
  VisualMapContinuousComponent,
  TooltipComponent,
  CanvasRenderer,
]);

export { init };

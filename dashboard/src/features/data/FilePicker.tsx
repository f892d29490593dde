import { type DragEvent, useId, useState } from "react";
import { bytes } from "@/format/bytes";
import { Icon } from "@/ui/Icon";

type Props = { files: readonly File[]; onFiles: (files: readonly File[]) => void };

/** Files by a click, by the keyboard, or dropped. */
export function FilePicker({ files, onFiles }: Props) {
  const id = useId();
  const [isOver, setOver] = useState(false);
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    if (event.dataTransfer.files.length) onFiles([...event.dataTransfer.files]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one more way; the input inside serves the keyboard
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
      className={`flex flex-col items-center gap-2 rounded-md border border-dashed px-4 py-8 text-center ${isOver ? "border-accent bg-surface" : "border-border"}`}
    >
      <Icon name="data" className="size-6! text-muted" />
      <label htmlFor={id} className="font-semibold">
        Files of bars
      </label>
      <p className="text-muted">Drop CSV or Parquet files here, or choose them.</p>
      <input
        id={id}
        type="file"
        multiple
        accept=".csv,.gz,.parquet,.txt"
        className="max-w-full text-sm file:mr-3 file:min-h-11 file:rounded-md file:border file:border-border file:bg-page file:px-3 file:text-base md:file:min-h-(--row)"
        onChange={(event) => onFiles([...(event.target.files ?? [])])}
      />
      {files.length > 0 && (
        <ul className="text-sm">
          {files.slice(0, 8).map((file) => (
            <li key={file.name}>
              {file.name} <span className="text-muted">{bytes(file.size)}</span>
            </li>
          ))}
          {files.length > 8 && <li className="text-muted">and {files.length - 8} more</li>}
        </ul>
      )}
    </div>
  );
}

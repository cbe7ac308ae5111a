using System.Globalization;
using System.Text.Json;

namespace IlgpuDistance.Gpu.Profiling;

/// <summary>
/// A profile in the Trace Event Format, which Chrome (chrome://tracing) and Perfetto (ui.perfetto.dev) show: one row with
/// the epochs, and one with the work of the device or of each thread. Times are in microseconds.
/// </summary>
internal static class TraceEvents
{
    private const int Process = 1, EpochRow = 0, FirstWorkRow = 1;

    /// <summary>Writes a profile as JSON.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="profile">The profile.</param>
    /// <param name="model">The network.</param>
    /// <param name="device">The device.</param>
    public static void Write(Stream stream, EpochProfile profile, string model, string device)
    {
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ms");
        json.WriteStartObject("otherData");
        json.WriteString("model", model);
        json.WriteString("device", device);
        json.WriteString("timer", profile.Timer);
        json.WriteEndObject();

        json.WriteStartArray("traceEvents");
        WriteName(json, "process_name", 0, $"{model} on {device}");
        WriteName(json, "thread_name", EpochRow, "epochs");
        for (int thread = 0; thread < profile.Threads; thread++)
            WriteName(json, "thread_name", FirstWorkRow + thread, profile.Threads == 1 ? "device" : $"thread {thread}");
        foreach (EpochSpan epoch in profile.Epochs)
        {
            WriteBegin(json, epoch.Timed ? "epoch with timers" : "epoch without timers", EpochRow, epoch.Start, epoch.Seconds);
            json.WriteEndObject();
        }
        // In the order of their beginnings, row by row, as viewers like it best.
        foreach (WorkSpan span in profile.Spans.OrderBy(span => span.Thread).ThenBy(span => span.Start))
            Write(json, span);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, in WorkSpan span)
    {
        WriteBegin(json, span.Name, FirstWorkRow + span.Thread, span.Start, span.Seconds);
        json.WriteStartObject("args");
        if (span.Shape.Length > 0)
            json.WriteString("shape", span.Shape);
        // A clock that has not moved gives no rate.
        if (span.Flop > 0 && span.Seconds > 0)
            WriteNumber(json, "GFLOP/s", span.Flop / span.Seconds / 1e9);
        if (span.Bytes > 0 && span.Seconds > 0)
            WriteNumber(json, "GB/s", span.Bytes / span.Seconds / 1e9);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Begins a complete event, which the caller ends.</summary>
    private static void WriteBegin(Utf8JsonWriter json, string name, int row, double start, double seconds)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("ph", "X");
        json.WriteNumber("pid", Process);
        json.WriteNumber("tid", row);
        WriteNumber(json, "ts", 1e6 * start);
        WriteNumber(json, "dur", 1e6 * seconds);
    }

    private static void WriteName(Utf8JsonWriter json, string kind, int row, string name)
    {
        json.WriteStartObject();
        json.WriteString("name", kind);
        json.WriteString("ph", "M");
        json.WriteNumber("pid", Process);
        json.WriteNumber("tid", row);
        json.WriteStartObject("args");
        json.WriteString("name", name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>With three digits behind the point: nanoseconds in times.</summary>
    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value.ToString("F3", CultureInfo.InvariantCulture));
    }
}

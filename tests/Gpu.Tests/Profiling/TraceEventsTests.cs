using System.Text.Json;
using IlgpuDistance.Gpu.Profiling;

namespace IlgpuDistance.Gpu.Tests.Profiling;

public sealed class TraceEventsTests
{
    private static readonly EpochProfile Example = new()
    {
        Timer = "a clock",
        Threads = 2,
        Epochs = [new EpochSpan(false, 0, 0.5), new EpochSpan(true, 0.5, 0.75)],
        Work = [],
        // Not in the order of time, as threads' work is when one thread's is added behind the other's.
        Spans =
        [
            new WorkSpan("late", "N=3 \"x\"", 0, 0.75, 0.25, 1e9, 5e8), new WorkSpan("early", "", 0, 0.5, 0.25, 0, 0),
            new WorkSpan("other", "N=1", 1, 0.5, 0, 1, 1),
        ],
        SpanCount = 3,
    };

    private static JsonElement Write(EpochProfile profile)
    {
        using var stream = new MemoryStream();
        TraceEvents.Write(stream, profile, "linear(2) > abs", "a \"device\"");
        return JsonDocument.Parse(stream.ToArray()).RootElement;
    }

    [Fact]
    public void A_trace_is_JSON_with_the_fields_that_the_format_asks_for()
    {
        JsonElement[] events = [.. Write(Example).GetProperty("traceEvents").EnumerateArray()];
        Assert.All(events, e => Assert.Matches("^[XM]$", e.GetProperty("ph").GetString()));
        Assert.All(events, e => Assert.Equal(JsonValueKind.Number, e.GetProperty("pid").ValueKind));
        Assert.All(events, e => Assert.Equal(JsonValueKind.Number, e.GetProperty("tid").ValueKind));
        Assert.All(events.Where(e => e.GetProperty("ph").GetString() == "X"), e =>
        {
            Assert.True(e.GetProperty("ts").GetDouble() >= 0);
            Assert.True(e.GetProperty("dur").GetDouble() >= 0);
        });
        Assert.Equal(
            ["linear(2) > abs on a \"device\"", "epochs", "thread 0", "thread 1"],
            events.Where(e => e.GetProperty("ph").GetString() == "M")
                .Select(e => e.GetProperty("args").GetProperty("name").GetString()));
    }

    [Fact]
    public void Times_are_microseconds_and_the_work_of_each_row_is_in_its_order()
    {
        JsonElement[] complete = [.. Write(Example).GetProperty("traceEvents").EnumerateArray()
            .Where(e => e.GetProperty("ph").GetString() == "X")];
        Assert.Equal(
            ["epoch without timers", "epoch with timers", "early", "late", "other"],
            complete.Select(e => e.GetProperty("name").GetString()));
        Assert.Equal([0, 500_000, 500_000, 750_000, 500_000], complete.Select(e => e.GetProperty("ts").GetDouble()));
        Assert.Equal([500_000, 750_000, 250_000, 250_000, 0], complete.Select(e => e.GetProperty("dur").GetDouble()));
        Assert.Equal([0, 0, 1, 1, 2], complete.Select(e => e.GetProperty("tid").GetInt32()));
    }

    [Fact]
    public void Work_has_its_shape_and_its_rates()
    {
        JsonElement late = Write(Example).GetProperty("traceEvents").EnumerateArray()
            .Single(e => e.GetProperty("name").GetString() == "late");
        JsonElement arguments = late.GetProperty("args");
        Assert.Equal("N=3 \"x\"", arguments.GetProperty("shape").GetString());
        Assert.Equal(4, arguments.GetProperty("GFLOP/s").GetDouble());
        Assert.Equal(2, arguments.GetProperty("GB/s").GetDouble());
    }

    [Fact]
    public void A_piece_of_work_in_which_the_clock_has_not_moved_has_no_rate()
    {
        JsonElement other = Write(Example).GetProperty("traceEvents").EnumerateArray()
            .Single(e => e.GetProperty("name").GetString() == "other");
        Assert.Equal(["shape"], other.GetProperty("args").EnumerateObject().Select(field => field.Name));
    }
}

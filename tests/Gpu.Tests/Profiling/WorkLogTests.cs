using IlgpuDistance.Gpu.Profiling;

namespace IlgpuDistance.Gpu.Tests.Profiling;

public sealed class WorkLogTests
{
    private static WorkLog Log(int threads, params WorkSpan[] spans)
    {
        var log = new WorkLog(threads);
        foreach (WorkSpan span in spans)
            log.Add(span);
        return log;
    }

    [Fact]
    public void Work_is_added_up_by_its_name_longest_first()
    {
        WorkLog log = Log(
            1, new WorkSpan("a", "N=1", 0, 0, 1, 10, 100), new WorkSpan("b", "", 0, 1, 5, 20, 0),
            new WorkSpan("a", "N=2", 0, 6, 2, 30, 200));
        Assert.Equal([new WorkTotal("b", 1, 5, 20, 0), new WorkTotal("a", 2, 3, 40, 300)], log.Totals);
        Assert.Equal(3, log.Count);
        Assert.Equal(["N=1", "", "N=2"], log.Spans.Select(span => span.Shape));
    }

    [Fact]
    public void Times_of_threads_that_work_side_by_side_count_once()
    {
        WorkTotal total = Assert.Single(Log(
            2, new WorkSpan("a", "", 0, 0, 3, 12, 0), new WorkSpan("a", "", 1, 0, 5, 12, 0)).Totals);
        Assert.Equal(4, total.Seconds);
        // What both do together, to be compared with what both can do together.
        Assert.Equal(6, total.FlopPerSecond);
        Assert.Null(total.Intensity);
    }

    [Fact]
    public void Of_very_much_work_the_first_pieces_are_kept_and_all_are_counted()
    {
        var log = new WorkLog(1);
        for (int i = 0; i < WorkLog.MostSpans + 10; i++)
            log.Add(new WorkSpan("a", "", 0, i, 1, 1, 1));
        Assert.Equal(WorkLog.MostSpans, log.Spans.Count);
        Assert.Equal(WorkLog.MostSpans + 10, log.Count);
        Assert.Equal(WorkLog.MostSpans + 10, Assert.Single(log.Totals).Calls);
    }
}

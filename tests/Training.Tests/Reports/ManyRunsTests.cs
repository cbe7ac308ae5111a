using IlgpuDistance.Tests;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports;

namespace IlgpuDistance.Training.Tests.Reports;

/// <summary>
/// Reports on many runs, by counts: what a report on 500 needs says what one on 10,000 does, which docs/cluster.md has measured.
/// </summary>
public sealed class ManyRunsTests
{
    private const int Epochs = 10;

    /// <summary>The bytes that a report on two models takes from the heap, and those of its files.</summary>
    private static (long Allocated, long Records, Dictionary<string, long> Files) Report(int runsPerModel)
    {
        double[] accuracies = [.. Enumerable.Range(0, runsPerModel).Select(run => 90 + run * 7 % 100 / 25.0)];
        using var stored = new StoredExperiment(Epochs, runsPerModel);
        stored.Add("one", "linear(3) > abs > linear(10)", accuracies).Add("two", "linear(3) > relu > linear(10)", accuracies);
        using var folder = new TemporaryFolder();
        long before = GC.GetAllocatedBytesForCurrentThread();
        ExperimentRecords records = ExperimentRecords.Read(stored.Folder);
        long read = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(2 * runsPerModel, records.Models.Sum(model => model.Finished.Count));
        using (FigureFiles.Prepare(folder.Path, "report"))
            ReportFolder.Write(ExperimentReport.Of(records, null), records, folder.Path);
        return (GC.GetAllocatedBytesForCurrentThread() - before, read,
            Directory.GetFiles(folder.Path).ToDictionary(path => Path.GetFileName(path), path => new FileInfo(path).Length));
    }

    [Fact]
    public void What_a_report_takes_grows_with_the_runs_and_no_faster_and_its_text_does_not()
    {
        // The first one compiles code.
        Report(5);
        var few = Report(25);
        var many = Report(250);
        Assert.InRange(many.Records, few.Records, 11 * few.Records);
        Assert.InRange(many.Allocated, few.Allocated, 11 * few.Allocated);
        // 10,000 of them: less than 1 GB.
        Assert.InRange(many.Allocated / 500, 0, 100_000);
        Assert.InRange(many.Files["report.md"], 0, few.Files["report.md"] * 12 / 10);
        Assert.InRange(many.Files["tables.tex"], 0, few.Files["tables.tex"] * 12 / 10);
        Assert.InRange((many.Files["report.html"] - few.Files["report.html"]) / 450, 0, 1000);
    }
}

using IlgpuDistance.Tests;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports;

namespace IlgpuDistance.Training.Tests.Reports;

/// <summary>A report on seven models, three runs each, written once for all tests that only read it.</summary>
public sealed class SmallReport : IDisposable
{
    public const string Custom = "linear(8, bias: false) > abs > linear(10)";

    private readonly StoredExperiment _experiment = new StoredExperiment(epochs: 24, runs: 3)
        .AddMainModels([95, 95.2, 95.1], [95, 95.3, 95.2], [50, 40, 60], [95, 95.2, 95], [94, 94.2, 94.3], [90, 91, 88])
        .Add(Custom, Custom, 93, 93.5);

    public SmallReport()
    {
        Records = ExperimentRecords.Read(_experiment.Folder);
        Report = ExperimentReport.Of(Records);
        Write();
    }

    public string Folder => _experiment["report"];

    internal ExperimentRecords Records { get; }

    internal Report Report { get; }

    public void Write(string? folder = null)
    {
        folder ??= Folder;
        using IDisposable held = FigureFiles.Prepare(folder, "report");
        ReportFolder.Write(Report, Records, folder);
    }

    public void Dispose() => _experiment.Dispose();
}

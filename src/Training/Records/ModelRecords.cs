using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Statistics;

namespace IlgpuDistance.Training.Records;

/// <summary>What the runs of one model have left.</summary>
internal sealed record ModelRecords
{
    /// <summary>The model.</summary>
    public required ExperimentModel Model { get; init; }

    /// <summary>The runs that reached the last epoch, by number.</summary>
    public required IReadOnlyList<RunRecord> Finished { get; init; }

    /// <summary>Why each run that diverged did, by number of the run.</summary>
    public required IReadOnlyDictionary<int, string> Diverged { get; init; }

    /// <summary>Runs that were planned and have not ended.</summary>
    public required int Missing { get; init; }

    /// <summary>Runs left out because their files cannot be used.</summary>
    public required int Damaged { get; init; }

    /// <summary>The model's name.</summary>
    public string Name => Model.Name;

    /// <summary>The final test accuracies of the finished runs, in percent; null where no run is finished.</summary>
    public SampleSummary? TestAccuracy => SummaryOf(run => run.TestAccuracy);

    /// <summary>
    /// The confidence interval of the mean of <see cref="TestAccuracy"/> (t), cut at 0 and 100 %; null for fewer than two runs.
    /// </summary>
    public Interval? TestAccuracyInterval => TestAccuracy?.MeanInterval?.Within(0, 100);

    /// <summary>These records without the runs of which only the final figures are known.</summary>
    public ModelRecords WithCurves => this with { Finished = [.. Finished.Where(run => run.HasCurve)] };

    /// <summary>Summarises one figure of the finished runs; null where there are none.</summary>
    public SampleSummary? SummaryOf(Func<RunRecord, double> figure) =>
        Finished.Count == 0 ? null : SampleSummary.Of([.. Finished.Select(figure)]);
}

using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Statistics;

namespace IlgpuDistance.Training.Reports.Sections;

/// <summary>All tests of the difference between the final test accuracies of two models.</summary>
/// <param name="First">A model.</param>
/// <param name="Second">Another model.</param>
internal sealed record PairwiseTests(ModelRecords First, ModelRecords Second)
{
    /// <summary>The paired test over the runs that both models have finished; null for fewer than two.</summary>
    public TTestResult? Paired { get; private init; }

    /// <summary>The pooled test; null where there are too few runs.</summary>
    public TTestResult? Pooled { get; private init; }

    /// <summary>Welch's test; null where there are too few runs.</summary>
    public TTestResult? Welch { get; private init; }

    /// <summary>
    /// The probabilities of the tests, each kind corrected by Holm's method over all pairs; NaN where there is no test.
    /// </summary>
    public (double Paired, double Pooled, double Welch) Corrected { get; private init; }

    /// <summary>Cohen's d; null where there are too few runs.</summary>
    public double? CohenD => EffectSize.CohenD(First.TestAccuracy!, Second.TestAccuracy!);

    /// <summary>Tests all pairs of the models of which a run is finished, in the experiment's order.</summary>
    public static IReadOnlyList<PairwiseTests> Of(ExperimentRecords records)
    {
        ModelRecords[] models = [.. records.FinishedModels];
        return WithCorrection([.. models.SelectMany((first, i) => models.Skip(i + 1).Select(second => Test(first, second)))]);
    }

    /// <summary>Tests the first of several models, of each of which a run is finished, against every other.</summary>
    public static IReadOnlyList<PairwiseTests> OfFirst(IReadOnlyList<ModelRecords> models) =>
        WithCorrection([.. models.Skip(1).Select(other => Test(models[0], other))]);

    private static PairwiseTests[] WithCorrection(PairwiseTests[] pairs)
    {
        double[] paired = Adjust(pair => pair.Paired), pooled = Adjust(pair => pair.Pooled), welch = Adjust(pair => pair.Welch);
        return [.. pairs.Select((pair, i) => pair with { Corrected = (paired[i], pooled[i], welch[i]) })];

        double[] Adjust(Func<PairwiseTests, TTestResult?> test) =>
            Holm.Adjust([.. pairs.Select(pair => test(pair)?.P ?? double.NaN)]);
    }

    private static PairwiseTests Test(ModelRecords first, ModelRecords second)
    {
        var common = first.Finished.Join(
            second.Finished, run => run.Number, run => run.Number, (a, b) => (First: a.TestAccuracy, Second: b.TestAccuracy))
                .ToArray();
        return new PairwiseTests(first, second)
        {
            Paired = TTest.Paired([.. common.Select(pair => pair.First)], [.. common.Select(pair => pair.Second)]),
            Pooled = TTest.Pooled(first.TestAccuracy!, second.TestAccuracy!),
            Welch = TTest.Welch(first.TestAccuracy!, second.TestAccuracy!),
        };
    }
}

using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Records;

namespace IlgpuDistance.Training.Reports.Claims;

/// <summary>
/// The claims of arXiv:2502.02103 about accuracy, each put as conditions on differences between models. The thresholds lie
/// between what the paper calls an effect (5 to 48 points) and what it calls none (at most 0.7 points).
/// </summary>
internal static class PaperClaims
{
    /// <summary>A loss of more points than this, which doubles ReLU's error, is a collapse; the paper reports 48.</summary>
    private const double Collapse = 5;

    /// <summary>Within this many points of ReLU a model has recovered; the paper reports 0.7.</summary>
    private const double Recovery = 2;

    /// <summary>Less than this many points lost is none, more is a fall; the paper reports 0.1 gained and 5.2 lost.</summary>
    private const double Loss = 1;

    /// <summary>A deviation this many times larger is scatter; the paper reports 13 times.</summary>
    private const double Scatter = 2;

    /// <summary>
    /// Below this many points the gap between a model and its negation is closed; the paper reports 0.05, and 48 where it is
    /// open.
    /// </summary>
    private const double Gap = 0.5;

    /// <summary>Judges every claim; those on models with a bias only where the experiment has such models.</summary>
    public static IReadOnlyList<Finding> Judge(ExperimentRecords records)
    {
        var compare = new Comparison(records);
        bool hasBias = records.Models.Any(model => model.Name.EndsWith("-Bias", StringComparison.Ordinal));
        return
        [
            .. LinearLogits(compare, ""),
            new("OffsetL2 closes the gap between normal and negated",
            [
                compare.AreApart("ReLU2", "ReLU2-Neg", Gap),
                compare.AreTogether("ReLU-L2", "ReLU-L2-Neg", Gap),
                compare.AreApart("Abs2", "Abs2-Neg", Gap),
                compare.AreTogether("Abs-L2", "Abs-L2-Neg", Gap),
            ]),
            .. hasBias ? LinearLogits(compare, "-Bias") : [],
        ];
    }

    private static IEnumerable<Finding> LinearLogits(Comparison compare, string suffix)
    {
        string relu = "ReLU" + suffix, relu2 = "ReLU2" + suffix, relu2Neg = "ReLU2-Neg" + suffix;
        string abs = "Abs" + suffix, abs2 = "Abs2" + suffix, abs2Neg = "Abs2-Neg" + suffix;
        yield return new($"{relu2} collapses", [compare.IsAbove(relu, relu2, Collapse)]);
        yield return new($"{relu2Neg} recovers",
            [compare.IsAbove(relu2Neg, relu2, Collapse), compare.IsNotAbove(relu, relu2Neg, Recovery)]);
        yield return new($"{abs2} holds", [compare.IsNotAbove(abs, abs2, Loss)]);
        yield return new($"{abs2Neg} falls and scatters",
            [compare.IsAbove(abs, abs2Neg, Loss), compare.Scatters(abs2Neg, abs, Scatter)]);
    }
}

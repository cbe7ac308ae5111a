using System.ComponentModel;
using System.Reflection;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Analysis;

/// <summary>What is to be analysed, and how.</summary>
internal sealed record AnalysisOptions
{
    /// <summary>The analyses; all by default.</summary>
    public IReadOnlyList<AnalysisKind> What { get; init; } = Enum.GetValues<AnalysisKind>();

    /// <summary>
    /// The images. Distributions, prototypes and the check of the theory, which ask what was learned, take the first of them.
    /// </summary>
    public IReadOnlyList<Split> Splits { get; init; } = [Split.Train, Split.Test];

    /// <summary>Fractions of the samples; a node that is active for fewer is called rarely active.</summary>
    public IReadOnlyList<double> Rare { get; init; } = [0.01];

    /// <summary>What the thresholds of perturbations span.</summary>
    public PerturbationRange Range { get; init; }

    /// <summary>The node whose class distributions are shown; null for the one that separates the classes best.</summary>
    public int? Node { get; init; }

    /// <summary>Reads the names of analyses.</summary>
    /// <param name="text">Names with commas between them, e.g. <c>dead-nodes,theory</c>, or <c>all</c>.</param>
    /// <exception cref="InputException">A name is unknown.</exception>
    public static IReadOnlyList<AnalysisKind> ParseWhat(string text)
    {
        var known = Enum.GetValues<AnalysisKind>().ToDictionary(NameOf);
        var kinds = new SortedSet<AnalysisKind>();
        foreach (string name in text.ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries))
        {
            if (name == "all")
            {
                kinds.UnionWith(known.Values);
            }
            else if (known.TryGetValue(name, out AnalysisKind kind))
            {
                kinds.Add(kind);
            }
            else
            {
                throw new InputException(
                    $"{Settings.Analyses} {text}: \"{name}\" is no analysis; " +
                    $"expected all, or some of {string.Join(", ", known.Keys)}");
            }
        }
        return [.. kinds];
    }

    /// <summary>The name of an analysis: its words in lower case, with hyphens.</summary>
    public static string NameOf(AnalysisKind kind) =>
        string.Concat(kind.ToString().Select((letter, i) =>
            char.IsUpper(letter) && i > 0 ? $"-{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));

    /// <summary>What an analysis says, in a sentence.</summary>
    public static string MeaningOf(AnalysisKind kind) =>
        typeof(AnalysisKind).GetField(kind.ToString())!.GetCustomAttribute<DescriptionAttribute>()!.Description;

    /// <summary>Reads fractions of samples.</summary>
    /// <param name="text">Numbers between 0 and 1 with commas between them.</param>
    /// <exception cref="InputException">Something is no such number.</exception>
    public static IReadOnlyList<double> ParseRare(string text)
    {
        double[] fractions = [.. text.Split(',').Select(part =>
            double.TryParse(part, System.Globalization.CultureInfo.InvariantCulture, out double value) && value is > 0 and <= 1
                ? value
                : throw new InputException(
                    $"{Settings.RareFractions} {text}: \"{part.Trim()}\" is no fraction; " +
                    $"expected numbers above 0 and up to 1, e.g. 0.01,0.05"))];
        return [.. fractions.Distinct().Order()];
    }
}

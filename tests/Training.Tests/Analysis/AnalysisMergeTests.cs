using System.Security.Cryptography;
using System.Text;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Analysis.Sections;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Documents;

namespace IlgpuDistance.Training.Tests.Analysis;

/// <summary>What becomes of an analysis when some of it is done again.</summary>
public sealed class AnalysisMergeTests : IDisposable
{
    private static readonly AnalysisRecord Earlier =
        Known(new SyntheticAnalysis { Models = ["ReLU2", "Abs-L2-Neg"], Runs = 2, Size = 6 }.Build());

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A record that says of which networks and data it is.</summary>
    private static AnalysisRecord Known(AnalysisRecord record) => WithRuns(
        record with { Md5 = new Dictionary<string, string> { ["images"] = new('1', 32), ["labels"] = new('2', 32) } },
        (model, run) =>
            run with { Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{model.Name} {run.Run}"))) });

    private static AnalysisRecord WithRuns(AnalysisRecord record, Func<ModelAnalysis, RunAnalysis, RunAnalysis> change) =>
        record with
        {
            Models =
            [.. record.Models.Select(model => model with { Runs = [.. model.Runs.Select(run => change(model, run))] })]
        };

    /// <summary>The same networks analysed with one kind only, with figures of its own.</summary>
    private static AnalysisRecord Representation(params Split[] splits) => WithRuns(
        Earlier with { What = [AnalysisKind.Representation], Splits = splits, Rare = [0.5], Range = PerturbationRange.Reference },
        (_, run) => new RunAnalysis
        {
            Run = run.Run,
            Hash = run.Hash,
            Representation = [.. run.Representation.Where(index => splits.Contains(index.Split))]
        });

    private static IEnumerable<RunAnalysis> Runs(AnalysisRecord record) => record.Models.SelectMany(model => model.Runs);

    [Fact]
    public void What_was_not_asked_for_stays_as_it_was_whatever_options_it_would_have()
    {
        AnalysisRecord now = Representation(Split.Train, Split.Test);
        var (record, removed) = AnalysisMerge.Of(Earlier, now);
        Assert.Empty(removed);
        Assert.Equal(Enum.GetValues<AnalysisKind>(), record.What);
        Assert.Equal((Earlier.Rare, Earlier.Range, Earlier.Splits), (record.Rare, record.Range, record.Splits));
        foreach (var (merged, before, after) in Runs(record).Zip(Runs(Earlier), Runs(now)))
            Assert.Equal(before with { Representation = after.Representation }, merged);
    }

    [Fact]
    public void What_is_of_other_images_is_removed_and_named_and_what_looks_at_none_stays()
    {
        var (record, removed) = AnalysisMerge.Of(Earlier, Representation(Split.Test));
        Assert.Equal([AnalysisKind.Weights, AnalysisKind.Representation], record.What);
        Assert.Equal([Split.Test], record.Splits);
        Assert.Equal(Enum.GetValues<AnalysisKind>().Length - 2, removed.Count);
        Assert.Contains("dead-nodes: it is of other images", removed);
        Assert.All(Runs(record), run => Assert.True(run.Activity.Count == 0 && run.Weights.Count > 0));

        // The check of the theory looks at the first images only, which are the same.
        Assert.Equal([AnalysisKind.Distributions, AnalysisKind.Weights, AnalysisKind.Prototypes, AnalysisKind.Representation,
            AnalysisKind.Theory],
            AnalysisMerge.Of(Earlier, Representation(Split.Train)).Record.What);
    }

    [Fact]
    public void Perturbations_of_another_range_are_removed()
    {
        AnalysisRecord now = WithRuns(
            Earlier with { What = [AnalysisKind.Perturbation], Range = PerturbationRange.Reference },
            (_, run) => new RunAnalysis { Run = run.Run, Hash = run.Hash, Perturbations = run.Perturbations });
        var (record, removed) = AnalysisMerge.Of(Earlier, now);
        Assert.Equal(["node-perturbation: it has another range"], removed);
        Assert.Equal(PerturbationRange.Reference, record.Range);
        Assert.All(Runs(record), run => Assert.True(
            run.NodePerturbations.Count == 0 && run.Perturbations.Count > 0 && run.Activity.Count > 0));
    }

    public static TheoryData<string> Others =>
        ["it is of other data", "it is of other networks", "it does not say of which networks and data it is"];

    [Theory, MemberData(nameof(Others))]
    public void Nothing_stays_of_other_networks_or_data(string why)
    {
        AnalysisRecord now = Representation(Split.Train, Split.Test);
        AnalysisRecord earlier = why switch
        {
            "it is of other data" => Earlier with { Md5 = new Dictionary<string, string> { ["images"] = "1", ["labels"] = "3" } },
            "it is of other networks" => WithRuns(Earlier, (_, run) => run.Run == 1 ? run with { Hash = "changed" } : run),
            _ => WithRuns(Earlier, (_, run) => run with { Hash = "" }),
        };
        var (record, removed) = AnalysisMerge.Of(earlier, now);
        Assert.Same(now, record);
        Assert.Equal(Enum.GetValues<AnalysisKind>().Length - 1, removed.Count);
        Assert.All(removed, line => Assert.EndsWith($": {why}", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Figures_of_what_was_removed_are_deleted_and_other_files_stay()
    {
        using IDisposable held = FigureFiles.Prepare(_folder.Path, "analysis");
        AnalysisFolder.Write(Earlier, AnalysisReport.Of(Earlier), _folder.Path);
        File.WriteAllText(_folder["figures/of-somebody-else.png"], "");
        Assert.True(File.Exists(_folder["figures/theory-abs-l2-neg.svg"]));

        AnalysisRecord record = AnalysisFolder.Merge(Representation(Split.Test), _folder.Path).Record;
        AnalysisFolder.Write(record, AnalysisReport.Of(record), _folder.Path);
        Assert.Equal(["of-somebody-else.png", "representation-test.png", "representation-test.svg", "weights.png", "weights.svg"],
            Directory.GetFiles(_folder["figures"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_analysis_that_cannot_be_read_is_replaced_with_a_word_about_it()
    {
        File.WriteAllText(_folder["analysis.json"], "{");
        var (record, removed) = AnalysisFolder.Merge(Earlier, _folder.Path);
        Assert.Same(Earlier, record);
        Assert.Contains("analysis.json", Assert.Single(removed), StringComparison.Ordinal);
    }
}

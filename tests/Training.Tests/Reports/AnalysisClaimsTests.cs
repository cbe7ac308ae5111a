using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Reports.Claims;
using IlgpuDistance.Training.Tests.Analysis;

namespace IlgpuDistance.Training.Tests.Reports;

/// <summary>What is concluded from analyses about what the paper says of its networks.</summary>
public sealed class AnalysisClaimsTests
{
    private static readonly AnalyzedLayer Output = new(3, "relu", null);

    /// <summary>Runs of ReLU2 with a mean index each, and a number of dead ones among their ten outputs.</summary>
    private static IReadOnlyList<Finding> Judge(string model, params (double Index, int Dead)[] runs) => AnalysisClaims.Judge(
        new SyntheticAnalysis { Models = [model], Runs = 1 }.Build() with
        {
            Models = [new ModelAnalysis(model, "linear(10)", [.. runs.Select((run, number) => new RunAnalysis
            {
                Run = number,
                Representation = [new RepresentationIndex { Layer = Output, Split = Split.Test, Outputs = [run.Index] }],
                Activity =
                [
                    new NodeActivity
                    {
                        Layer = Output,
                        Split = Split.Test,
                        Samples = 1000,
                        ActiveSamples = [.. Enumerable.Range(0, 10).Select(node => node < run.Dead ? 0 : 500)],
                        Smallest = 0,
                        Largest = 1,
                    },
                ],
            })])],
        });

    [Theory]
    [InlineData(Verdict.Holds, 0.7, 0.9)]
    [InlineData(Verdict.NotDecided, 0.7, 0.55)]
    [InlineData(Verdict.DoesNotHold, 0.5, 0.55)]
    internal void Outputs_measure_what_the_paper_says_if_they_do_in_every_run(Verdict expected, double first, double second)
    {
        Finding finding = Judge("ReLU2", (first, 2), (second, 2))[0];
        Assert.Equal(("The outputs of ReLU2 measure intensity", expected), (finding.Claim, finding.Verdict));
    }

    // By hand: 20, 20, 30, 20, 20, 20 % have mean 21.67 and deviation 4.08, so that the interval is 21.67 ± 2.571 · 1.667 =
    // 17.38 to 25.95: within one output in ten of 22 %. As many are rarely active, where 53.5 % are published.
    [Fact]
    public void Dead_nodes_are_as_published_where_the_whole_interval_lies_within_one_node()
    {
        Finding finding = Judge("ReLU2", (0.7, 2), (0.7, 2), (0.7, 3), (0.7, 2), (0.7, 2), (0.7, 2))[1];
        Assert.Equal([Verdict.Holds, Verdict.DoesNotHold], finding.Conditions.Select(condition => condition.Verdict));
        Assert.Equal("ours 21.67 ± 4.08 % (6 runs), 95 % interval 17.38 to 25.95", finding.Conditions[0].Evidence);
    }

    [Fact]
    public void Scatter_and_single_runs_leave_published_nodes_undecided()
    {
        Assert.Equal("one run says nothing about the scatter, it takes at least two",
            Judge("ReLU2", (0.7, 2))[1].Conditions[0].Lacks);
        // 0 and 50 %, mean 25 and deviation 35.36: t(n − 1) · 35.36 / √n must be at most 7, as 22 + 10 − 25. For 101 it is
        // 1.984 · 3.518 = 6.98, for 100 7.02.
        Assert.Equal("it takes about 101 runs", Judge("ReLU2", (0.7, 0), (0.7, 5))[1].Conditions[0].Lacks);
    }
}

using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Tests.Reference;
using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Analysis.Sections;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Tests.Analysis;

/// <summary>Each analysis on cases that can be computed by hand, or by brute force.</summary>
public sealed class AnalysesTests
{
    private const string Identity2 = "linear(2) > relu > linear(2, bias: false)";

    // W = 1, b = (0, −5), and the logits are the two hidden nodes.
    private static readonly float[] Identity2Parameters = [1, 0, 0, 1, 0, -5, 1, 0, 0, 1];

    private static readonly byte[][] FourImages = [[10, 0], [0, 4], [20, 9], [0, 30]];

    private static RunAnalysis Analyze(AnalysisSubject subject, AnalysisOptions options) =>
        new Analyzer(options).Analyze(subject, run: 4, withPrototypes: true, CancellationToken.None);

    [Fact]
    public void Dead_and_rarely_active_nodes_are_counted_by_hand()
    {
        // Hidden activations: (10, 0), (0, 0), (20, 4), (0, 25).
        using AnalysisSubject subject = TinySubject.Of(Identity2, Identity2Parameters, FourImages, [0, 1, 0, 1]);
        NodeActivity activity = NodeActivity.Of(subject, Split.Test, 1);
        Assert.Equal([2, 2], activity.ActiveSamples);
        Assert.Equal((0, 25), (activity.Smallest, activity.Largest));
        Assert.Equal("relu, hidden (layer 1)", activity.Layer.Title);
        Assert.Equal((0, 0, 100), (activity.DeadPercent, activity.RarePercent(0.5), activity.RarePercent(0.51)));

        using AnalysisSubject dead = TinySubject.Of(Identity2, [1, 0, 0, 1, 0, -31, 1, 0, 0, 1], FourImages, [0, 1, 0, 1]);
        Assert.Equal(
            (50, 50), (NodeActivity.Of(dead, Split.Test, 1).DeadPercent, NodeActivity.Of(dead, Split.Test, 1).RarePercent(0.01)));
    }

    [Fact]
    public void The_perturbation_of_a_layer_is_computed_by_hand()
    {
        // Right: the first by 10 to 0, the third by 20 to 4, the fourth by 25 to 0; the second is taken for class 0.
        using AnalysisSubject subject = TinySubject.Of(Identity2, Identity2Parameters, FourImages, [0, 1, 0, 1]);
        LayerPerturbation layer = Assert.Single(
            Analyze(subject, new() { What = [AnalysisKind.Perturbation], Splits = [Split.Test] }).Perturbations);
        Assert.Equal((0, 25, 3, 4), (layer.Lowest, layer.Highest, layer.Correct, layer.Samples));
        // From below: at 10 (step 40) the first image's nodes are equal, which is class 0; so it stays right to the end, as the
        // third does. The fourth, of class 1, is wrong when both nodes are 25.
        Assert.All(layer.CorrectFromBelow[..100], correct => Assert.Equal(3, correct));
        Assert.Equal(2, layer.CorrectFromBelow[100]);
        Assert.Null(layer.HalfFromBelow);
        // From above: at 0 all nodes are equal, which is class 0.
        Assert.Equal(2, layer.CorrectFromAbove[0]);
        Assert.All(layer.CorrectFromAbove[1..], correct => Assert.Equal(3, correct));
        Assert.Null(layer.HalfFromAbove);
    }

    [Fact]
    public void Half_of_the_accuracy_is_gone_at_the_first_step_from_either_side()
    {
        int[] below = [.. Enumerable.Range(0, 101).Select(step => step < 38 ? 100 : step < 60 ? 50 : 80)];
        int[] above = [.. Enumerable.Range(0, 101).Select(step => step <= 7 ? 20 : step == 30 ? 49 : 99)];
        var layer = new LayerPerturbation
        {
            Layer = new AnalyzedLayer(1, "relu", 2),
            Split = Split.Test,
            Samples = 120,
            Correct = 100,
            Lowest = 0,
            Highest = 1,
            CorrectFromBelow = below,
            CorrectFromAbove = above,
        };
        Assert.Equal((38, 30), (layer.HalfFromBelow, layer.HalfFromAbove));
        Assert.Null((layer with { Correct = 30, CorrectFromBelow = [.. below.Select(_ => 16)] }).HalfFromBelow);
        Assert.Equal(0, (layer with { Correct = 30, CorrectFromBelow = [.. below.Select(_ => 15)] }).HalfFromBelow);
    }

    [Theory]
    [InlineData(nameof(PerturbationRange.Layer))]
    [InlineData(nameof(PerturbationRange.Reference))]
    public void Perturbations_agree_with_brute_force(string name)
    {
        var range = Enum.Parse<PerturbationRange>(name);
        using AnalysisSubject subject = TinySubject.Random("linear(5) > abs > linear(4) > relu > linear(3) > abs > neg");
        RunAnalysis run = Analyze(subject,
            new() { What = [AnalysisKind.Perturbation, AnalysisKind.NodePerturbation], Splits = [Split.Train], Range = range });
        Assert.Equal([1, 3], run.Perturbations.Select(layer => layer.Layer.Index));
        float[][] all = [Outputs(subject, 1), Outputs(subject, 3), Outputs(subject, 5)];
        foreach (var (layer, nodes) in run.Perturbations.Zip(run.NodePerturbations))
        {
            float[] own = range == PerturbationRange.Layer
                ? Outputs(subject, layer.Layer.Index)
                : [.. all.SelectMany(values => values)];
            Assert.Equal((own.Min(), own.Max()), (layer.Lowest, layer.Highest));
            using IDeviceActivations activations = subject.Activations(Split.Train, layer.Layer.Index);
            int Count(float lowest, float highest, int node) => activations.CountCorrect([new Clamp(lowest, highest, node)])[0];

            Assert.Equal(Count(float.NegativeInfinity, float.PositiveInfinity, Clamp.AllNodes), layer.Correct);
            float[] thresholds = [.. Enumerable.Range(0, 101)
                .Select(step => (float)(own.Min() + ((double)own.Max() - own.Min()) * step / 100))];
            foreach (int step in (int[])[0, 13, 50, 99, 100])
            {
                Assert.Equal(Count(thresholds[step], float.PositiveInfinity, Clamp.AllNodes), layer.CorrectFromBelow[step]);
                Assert.Equal(Count(float.NegativeInfinity, thresholds[step], Clamp.AllNodes), layer.CorrectFromAbove[step]);
            }
            for (int node = 0; node < nodes.Nodes; node++)
            {
                Assert.Equal(thresholds.Min(t => Count(t, float.PositiveInfinity, node)), nodes.FewestFromBelow[node]);
                Assert.Equal(thresholds.Min(t => Count(float.NegativeInfinity, t, node)), nodes.FewestFromAbove[node]);
                Assert.Equal(Math.Max(nodes.LossFromBelow(node), nodes.LossFromAbove(node)), nodes.Loss(node));
            }
        }
    }

    private static float[] Outputs(AnalysisSubject subject, int layer)
    {
        float[] values = new float[subject.Dataset.Train.Count * subject.Plan.Layers[layer].Outputs];
        using IDeviceSamples samples = subject.Executor.Upload(subject.Dataset.Train.ToSamples(subject.Scaling));
        subject.Executor.ReadActivations(samples, layer, values);
        return values;
    }

    [Fact]
    public void The_index_is_the_share_of_pairs_that_are_in_order_and_half_of_the_equal_ones()
    {
        // Output 0: class 0 has 10, 20, class 1 has 0, 10, of 4 pairs 3 in order, 1 equal: 3.5 / 4.
        // Output 1: class 1 has 4, 0, class 0 has 4, 9; 4 = 4, 4 < 9, 0 < 4, 0 < 9: 0.5 / 4.
        using AnalysisSubject subject = TinySubject.Of(
            "linear(2) > neg", [1, 0, 0, 1, 0, 0], [[10, 4], [20, 9], [0, 4], [10, 0]], [0, 0, 1, 1]);
        RepresentationIndex index = RepresentationIndex.Of(subject, Split.Test);
        Assert.Equal(0, index.Layer.Index);
        Assert.Equal([3.5 / 4, 0.5 / 4], index.Outputs);
        Assert.Equal((0.5, 0.125, 0.875), (index.Mean, index.Smallest, index.Largest));
    }

    [Fact]
    public void A_class_without_samples_has_no_index()
    {
        using AnalysisSubject subject = TinySubject.Of("linear(3)", new float[9], [[1, 2], [3, 4]], [0, 2]);
        RepresentationIndex index = RepresentationIndex.Of(subject, Split.Test);
        Assert.Equal([0.5, double.NaN, 0.5], index.Outputs);
        Assert.Equal(0.5, index.Mean);
    }

    [Fact]
    public void A_class_without_samples_is_left_out_of_the_check_of_the_theory_alone()
    {
        using AnalysisSubject subject = TinySubject.Random("linear(4) > abs > offset-l2(3)");
        byte[][] images = [.. Enumerable.Range(0, 12)
            .Select(s => (byte[])[(byte)(20 * s), 7, (byte)(s * s), 90, 3, (byte)(255 - s)])];
        using AnalysisSubject gap = TinySubject.Of(
            "linear(4) > abs > offset-l2(3)", subject.Parameters, images, [.. images.Select((_, s) => (byte)(s % 2 * 2))],
            subject.Scaling);
        RunAnalysis run = Analyze(gap, new());
        Assert.Equal([1], run.Theory!.EmptyClasses);
        Assert.Equal([0, 2], run.Theory.Classes.Select(c => c.Class));
        Assert.All(run.Theory.Classes, c => Assert.True(
            double.IsFinite(c.RankCorrelation) && double.IsFinite(c.OthersRankCorrelation)));
        Assert.Equal(3, run.Prototypes!.Classes.Length);

        using AnalysisSubject one = TinySubject.Of(
            "linear(4) > abs > offset-l2(3)", subject.Parameters, images, [.. images.Select(_ => (byte)2)], subject.Scaling);
        RunAnalysis ofOne = Analyze(one, new());
        Assert.Empty(ofOne.Theory!.Classes);
        AnalysisRecord record = new()
        {
            What = [AnalysisKind.Theory],
            Splits = [Split.Train],
            Rare = [],
            Range = PerturbationRange.Layer,
            Data = "tiny",
            Models = [new ModelAnalysis("L2", "linear(4) > abs > offset-l2(3)", [ofOne])],
        };
        Assert.Equal("The theory cannot be checked: all training images are of one class.", AnalysisReport.GapOf(record));
        Assert.NotEmpty(AnalysisReport.Of(record).Sections);
        Assert.Equal("The theory cannot be checked for class 1: no training images are of it.",
            AnalysisReport.GapOf(record with { Models = [record.Models[0] with { Runs = [run] }] }));
    }

    [Fact]
    public void Rank_correlation_is_that_of_SciPy()
    {
        // scipy.stats.spearmanr([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]).statistic, from SciPy's documentation; and with one side
        // constant.
        float[] values = [1, 5, 2, 6, 3, 7, 4, 8, 5, 7];
        static IDeviceRanks Ranks(IEnumerable<float> column) => new ReferenceActivations(
            NetworkPlan.Compile(Network.Parse("linear(1) > linear(2)"), 1, 2).Layers[0], [.. column], new byte[5], 2, x => x)
                .Rank();

        using IDeviceRanks x = Ranks(values.Where((_, i) => i % 2 == 0)), y = Ranks(values.Where((_, i) => i % 2 == 1)),
            constant = Ranks(new float[5]);
        Assert.Equal(0.82078268166812329, Assert.Single(RankCorrelation.Of(x, y)), 1e-15);
        Assert.Equal(1, Assert.Single(RankCorrelation.Of(x, x)), 1e-15);
        Assert.Equal(double.NaN, Assert.Single(RankCorrelation.Of(x, constant)));
    }

    [Fact]
    public void Separation_is_the_share_of_variance_between_the_classes()
    {
        // Node 0: 1, 3 | 5, 7: within 1, between 4, total 5. Node 1 never changes. Node 2 tells the classes apart, with nothing
        // within.
        byte[][] images = [[1, 7, 0], [3, 7, 0], [5, 7, 9], [7, 7, 9]];
        using AnalysisSubject subject = TinySubject.Of(
            "linear(3) > abs > linear(2)", [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, .. new float[8]], images, [0, 0, 1, 1]);
        ClassDistributions distributions = ClassDistributions.Of(subject, Split.Train, node: null)!;
        Assert.Equal([0.8, 0, 1], distributions.Separations.Select(value => Math.Round(value, 12)));
        Assert.Equal((2, 0, 0, 9), (distributions.Node, distributions.Layer.Index, distributions.Lowest, distributions.Highest));
        Assert.Equal((2, 2), (distributions.Counts[0][0], distributions.Counts[1][^1]));
        Assert.Equal(4, distributions.Counts.Sum(counts => counts.Sum()));

        ClassDistributions constant = ClassDistributions.Of(subject, Split.Train, node: 1)!;
        Assert.Equal((7, 7, 2, 2), (constant.Lowest, constant.Highest, constant.Counts[0][0], constant.Counts[1][0]));
        Assert.Contains("expected 0 to 2", Assert.Throws<InputException>(() =>
            ClassDistributions.Of(subject, Split.Train, node: 3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_theory_holds_for_a_network_that_is_built_after_it()
    {
        // Classes with means (10, 20), (40, 20) and deviations (2, 4), (4, 8).
        byte[][] images = [[8, 16], [12, 24], [8, 24], [12, 16], [36, 12], [44, 28], [36, 28], [44, 12]];
        byte[] labels = [0, 0, 0, 0, 1, 1, 1, 1];
        float[] linear = [1, 0, 0, 1, 0, 0], mu = [10, 20, 40, 20], alpha = [0.5f, -0.25f, 0.25f, 0.125f];
        using AnalysisSubject subject = TinySubject.Of(
            "linear(2) > offset-l2(2) > neg", [.. linear, .. mu, .. alpha], images, labels);
        TheoryCheck theory = TheoryCheck.Of(subject, Split.Train)!;
        Assert.Equal(2, theory.Classes.Length);
        ClassTheory first = theory.Classes[0];
        Assert.Equal([10f, 20], first.Mean);
        Assert.Equal([2f, 4], first.Deviation);
        Assert.Equal([40f, 20], first.OthersMean);
        Assert.All(theory.Classes, c => Assert.Equal(0, c.MeanDistance, 1e-6));
        Assert.All(theory.Classes, c => Assert.Equal(
            (1, 1), (Math.Round(Math.Abs(c.MeanCorrelation), 9), Math.Round(c.WeightCorrelation, 9))));
        Assert.All(theory.Classes, c => Assert.Equal(1, c.RankCorrelation, 1e-12));
        Assert.Equal(Math.Sqrt(900) / Math.Sqrt(2000), first.OthersDistance, 1e-6);
        Assert.True(first.OthersRankCorrelation < 0);
    }

    [Fact]
    public void The_theory_of_the_L1_distance_holds_for_a_network_that_is_built_after_it()
    {
        // Classes with medians (11, 20), (40, 20), which are no means, and mean absolute deviations (6, 4), (6, 4).
        byte[][] images = [[8, 16], [10, 20], [12, 20], [30, 32], [36, 12], [40, 20], [40, 28], [60, 20]];
        byte[] labels = [0, 0, 0, 0, 1, 1, 1, 1];
        float[] linear = [1, 0, 0, 1, 0, 0], mu = [11, 20, 40, 20], alpha = [1 / 6f, -0.25f, 1 / 6f, 0.25f];
        using AnalysisSubject subject = TinySubject.Of(
            "linear(2) > offset-l1(2) > neg", [.. linear, .. mu, .. alpha], images, labels);
        TheoryCheck theory = TheoryCheck.Of(subject, Split.Train)!;
        Assert.Equal(ClassModel.Laplace, theory.Model);
        ClassTheory first = theory.Classes[0];
        Assert.Equal([11f, 20], first.Mean);
        Assert.Equal([6f, 4], first.Deviation);
        Assert.Equal([40f, 20], first.OthersMean);
        Assert.All(theory.Classes, c => Assert.Equal(0, c.MeanDistance, 1e-6));
        Assert.All(theory.Classes, c => Assert.Equal(1, c.WeightCorrelation, 1e-9));
        Assert.All(theory.Classes, c => Assert.Equal(1, c.RankCorrelation, 1e-12));
    }

    [Fact]
    public void The_reference_form_has_the_root_of_alpha_for_its_weight_and_dead_inputs_are_left_out()
    {
        byte[][] images = [[8, 5], [12, 5], [36, 5], [44, 5]];
        float[] parameters = [1, 0, 0, 1, 0, 0, 10, 20, 40, 20, 0.25f, -1, 4, 1];
        using AnalysisSubject subject = TinySubject.Of(
            "linear(2) > offset-l2(2, form: reference)", parameters, images, [0, 0, 1, 1]);
        TheoryCheck theory = TheoryCheck.Of(subject, Split.Train)!;
        Assert.Equal([0.5f, 0], theory.Classes[0].Weight);
        Assert.Equal([2f, 1], theory.Classes[1].Weight);
        Assert.All(theory.Classes, c => Assert.Equal((1, double.NaN), (c.VaryingInputs, c.WeightCorrelation)));
    }

    [Fact]
    public void Networks_without_prototypes_or_hidden_layers_have_no_such_analyses()
    {
        using AnalysisSubject subject = TinySubject.Random("linear(3)");
        RunAnalysis run = Analyze(subject, new AnalysisOptions());
        Assert.Empty(run.Activity);
        Assert.Empty(run.Perturbations);
        Assert.Empty(run.NodePerturbations);
        Assert.Null(run.Distributions);
        Assert.Null(run.Theory);
        Assert.Null(run.Prototypes);
        Assert.Equal(2, run.Representation.Count);
        Assert.Equal(["0.weight", "0.bias"], run.Weights.Select(tensor => tensor.Tensor));
        Assert.Equal(4, run.Run);
    }

    [Fact]
    public void Only_what_is_asked_for_is_analysed()
    {
        using AnalysisSubject subject = TinySubject.Random("linear(4) > abs > offset-l2(3) > neg");
        foreach (AnalysisKind kind in Enum.GetValues<AnalysisKind>())
        {
            RunAnalysis run = Analyze(subject, new() { What = [kind], Splits = [Split.Test] });
            bool[] found =
            [
                run.Activity.Count == 1, run.Perturbations.Count == 1, run.NodePerturbations.Count == 1,
                run.Distributions is not null,
                run.Weights.Count == 4, run.Prototypes is not null, run.Representation.Count == 1,
                run.OutputOrders.Count == 1, run.Theory is not null,
            ];
            Assert.Equal(Enumerable.Range(0, found.Length).Select(i => i == (int)kind), found);
        }
    }

    [Fact]
    public void Activations_that_are_not_finite_are_one_clear_line()
    {
        using AnalysisSubject subject = TinySubject.Of(
            Identity2, [float.MaxValue, 0, 0, 1, 0, 0, 1, 0, 0, 1], FourImages, [0, 1, 0, 1]);
        string message = Assert.Throws<InputException>(() => NodeActivity.Of(subject, Split.Test, 1)).Message;
        Assert.StartsWith("layer 1, relu: its outputs are too large for float32", message, StringComparison.Ordinal);
    }
}

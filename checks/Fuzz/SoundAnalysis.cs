using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Checks.Fuzz;

/// <summary>A sound analysis of two runs of a tiny network, with a figure of every kind.</summary>
internal static class SoundAnalysis
{
    private const int Samples = 12, Nodes = 4, Classes = 3, Pixels = 12;

    private static readonly AnalyzedLayer Linear = new(0, "linear(4)", 2), Abs = new(1, "abs", 2);
    private static readonly AnalyzedLayer OffsetL2 = new(2, "offset-l2(3)", null);

    /// <summary>The analysis.</summary>
    public static AnalysisRecord Record { get; } = new()
    {
        What = Enum.GetValues<AnalysisKind>(),
        Splits = [Split.Train],
        Rare = [0.01, 0.1],
        Range = PerturbationRange.Layer,
        Data = "tiny",
        Md5 = new Dictionary<string, string> { ["train-images-idx3-ubyte"] = new('a', 32) },
        Models = [new ModelAnalysis("mine", "linear(4) > abs > offset-l2(3) > neg", [Run(0), Run(1)])],
    };

    private static RunAnalysis Run(int run) => new()
    {
        Run = run,
        Hash = new('c', 64),
        Activity =
        [
            new NodeActivity
            {
                Layer = Abs,
                Split = Split.Train,
                Samples = Samples,
                ActiveSamples = [0, 1, 7, 12],
                Smallest = 0,
                Largest = 2.5f,
            },
        ],
        Perturbations =
        [
            new LayerPerturbation
            {
                Layer = Abs,
                Split = Split.Train,
                Samples = Samples,
                Correct = 11,
                Lowest = 0,
                Highest = 2.5f,
                CorrectFromBelow = [.. Enumerable.Range(0, LayerPerturbation.Steps).Select(step => 11 - step / 12)],
                CorrectFromAbove = [.. Enumerable.Range(0, LayerPerturbation.Steps).Select(step => 3 + step / 13)],
            },
        ],
        NodePerturbations =
        [
            new NodePerturbation
            {
                Layer = Abs,
                Split = Split.Train,
                Samples = Samples,
                Correct = 11,
                Lowest = 0,
                Highest = 2.5f,
                FewestFromBelow = [11, 10, 9, 8],
                FewestFromAbove = [8, 9, 10, 11],
            },
        ],
        Distributions = new ClassDistributions
        {
            Layer = Linear,
            Split = Split.Train,
            Node = 2,
            Separations = [0, 0.25, 0.75, 0.5],
            Lowest = -1,
            Highest = 2.5f,
            Counts =
            [
                .. Enumerable.Range(0, Classes).Select(c =>
                    Enumerable.Range(0, ClassDistributions.Bins).Select(bin => bin % 20 == c ? 1 : 0).ToArray()),
            ],
        },
        Weights =
        [
            new WeightDistribution
            {
                Tensor = "0.weight",
                Role = ParameterRole.Weight,
                Count = 48,
                Mean = 0.125,
                StandardDeviation = 0.5,
                Smallest = -1,
                Largest = 1,
                BinWidth = 0.03125,
                Counts = [.. Enumerable.Range(0, 2 * WeightDistribution.HalfBins).Select(bin => bin is >= 40 and < 88 ? 1L : 0)],
            },
        ],
        Prototypes = run > 0 ? null : new PrototypeAnalysis
        {
            Layer = OffsetL2,
            Split = Split.Train,
            ImageHeight = 4,
            ImageWidth = 3,
            Classes = [.. Enumerable.Range(0, Classes).Select(PrototypeOf)],
        },
        Representation = [new RepresentationIndex { Layer = OffsetL2, Split = Split.Train, Outputs = [0.125, 0, double.NaN] }],
        OutputOrders = [new OutputOrder { Layer = OffsetL2, Split = Split.Train, Images = [3, 0, 1, 0, 2] }],
        Theory = new TheoryCheck { Layer = OffsetL2, Split = Split.Train, Classes = [TheoryOf(0), TheoryOf(2)] },
    };

    private static Prototype PrototypeOf(int c) => new()
    {
        Class = c,
        Mu = [1, -2, 0.5f, c],
        Alpha = [1, 0.75f, -0.25f, 2],
        Nearest = [ImageOf(c, 0.5f), ImageOf(c + 3, 1)],
        Farthest = [ImageOf(c + 1, 4), ImageOf(c + 4, 3)],
        Closest = new ClosestInput(PixelsOf(c), 0.25f, 0.5f, 100),
    };

    private static RankedImage ImageOf(int sample, float distance) => new(sample, sample % Classes, distance, PixelsOf(sample));

    private static byte[] PixelsOf(int sample) => [.. Enumerable.Range(0, Pixels).Select(i => (byte)(37 * i + sample))];

    private static ClassTheory TheoryOf(int c) => new()
    {
        Class = c,
        Mu = [.. Enumerable.Range(0, Nodes).Select(node => node + 0.5f)],
        Weight = [1, 2, 0.5f, 0],
        Mean = [0.5f, 1.25f, 2.5f, 3],
        Deviation = [1, 0.5f, 0, 0.25f],
        OthersMean = [2, 1, 0, -1],
        MeanCorrelation = 0.9,
        MeanDistance = 0.25,
        OthersCorrelation = double.NaN,
        OthersDistance = 2,
        WeightCorrelation = -0.5,
        VaryingInputs = 3,
        RankCorrelation = 0.75,
        OthersRankCorrelation = -0.75,
    };
}

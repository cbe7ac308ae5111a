using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Training.Tests.Analysis;

/// <summary>
/// Records of analyses of networks that were never trained: figures like those of real ones, the same for the same properties.
/// Every record has the lengths that its comment promises.
/// </summary>
internal sealed record SyntheticAnalysis
{
    public const string LongNetwork =
        "linear(24, bias: false) > abs > linear(16, bias: false) > relu > linear(12) > abs > offset-l2(10, form: reference) " +
            "> neg";

    /// <summary>Models of the paper, or layers that end in as many values as there are classes.</summary>
    public IReadOnlyList<string> Models { get; init; } =
        ["ReLU", "Abs", "ReLU2", "Abs2", "ReLU2-Neg", "Abs2-Neg", "ReLU-L2-Neg", "Abs-L2-Neg", "L2-Neg"];

    public int Runs { get; init; } = 3;

    public int Classes { get; init; } = 10;

    /// <summary>Rows and columns of the images.</summary>
    public int Size { get; init; } = 28;

    public int Samples { get; init; } = 1000;

    /// <summary>Whether the networks have diverged: every number that can be NaN is.</summary>
    public bool Diverged { get; init; }

    public AnalysisRecord Build() => new()
    {
        What = Enum.GetValues<AnalysisKind>(),
        Splits = [Split.Train, Split.Test],
        Rare = [0.01, 0.1],
        Range = PerturbationRange.Layer,
        Data = "synthetic",
        Models = [.. Models.Select((name, index) =>
        {
            NetworkPlan plan = NetworkPlan.Compile(PaperModels.Resolve(name, Classes), Size * Size, Classes);
            return new ModelAnalysis(name, plan.Network.ToString(),
                [.. Enumerable.Range(0, Runs).Select(run => Analyze(plan, index, run))]);
        })],
    };

    private RunAnalysis Analyze(NetworkPlan plan, int model, int run)
    {
        var random = new Random(1000 * model + run);
        PlannedLayer[] activations = [.. plan.Layers.Where(layer => layer.Layer is ReLU or Abs)];
        PlannedLayer[] hidden = [.. activations.Where(layer => AnalyzedLayer.Of(plan, layer.Index).IsHidden)];
        PlannedLayer? prototypes = plan.Layers.FirstOrDefault(layer => layer.Layer is DistanceLayer);
        Split[] splits = [Split.Train, Split.Test];
        return new RunAnalysis
        {
            Run = run,
            Activity = [.. splits.SelectMany(split => activations.Select(layer => Activity(plan, layer, split, random)))],
            Perturbations = [.. splits.SelectMany(split => hidden.Select(layer => Perturbation(plan, layer, split, random)))],
            NodePerturbations = [.. splits.SelectMany(split => hidden.Select(layer => Nodes(plan, layer, split, random)))],
            Distributions = hidden.Length == 0 ? null : Distributions(plan, plan.Layers[hidden[0].Index - 1], random),
            Weights = [.. plan.Tensors.Select(tensor => WeightsOf(tensor, random))],
            Prototypes = prototypes is null || run > 0 ? null : Prototypes(plan, prototypes, random),
            Representation = [.. splits.Select(split => Representation(plan, split, random))],
            OutputOrders = Diverged ? [] : [.. splits.Select(split => Order(plan, split, random))],
            Theory = prototypes is null ? null : Theory(plan, prototypes, random),
        };
    }

    private NodeActivity Activity(NetworkPlan plan, PlannedLayer layer, Split split, Random random)
    {
        // An eighth of the nodes of ReLU is dead; those of Abs are nearly always active.
        int Active() => layer.Layer is Abs
            ? Samples - random.Next(1 + Samples / 20)
            : random.Next(8) == 0 ? 0 : (int)(Samples * Math.Pow(random.NextDouble(), 1.5));
        return new NodeActivity
        {
            Layer = AnalyzedLayer.Of(plan, layer.Index),
            Split = split,
            Samples = Samples,
            ActiveSamples = [.. Enumerable.Range(0, layer.Outputs).Select(_ => Active())],
            Smallest = Number(0),
            Largest = Number(12.5f),
        };
    }

    private LayerPerturbation Perturbation(NetworkPlan plan, PlannedLayer layer, Split split, Random random)
    {
        double half = layer.Layer is Abs ? 0.2 : 0.35, slope = 12 + 4 * random.NextDouble(), shift = 0.05 * random.NextDouble();
        int correct = (int)(0.95 * Samples), chance = Samples / Classes;
        int At(double x) => (int)(chance + (correct - chance) / (1 + Math.Exp(slope * (x - half - shift))));
        double[] xs = [.. Enumerable.Range(0, LayerPerturbation.Steps)
            .Select(step => (double)step / (LayerPerturbation.Steps - 1))];
        return new LayerPerturbation
        {
            Layer = AnalyzedLayer.Of(plan, layer.Index),
            Split = split,
            Samples = Samples,
            Correct = correct,
            Lowest = Number(0),
            Highest = Number(9.25f),
            CorrectFromBelow = [.. xs.Select(At)],
            CorrectFromAbove = [.. xs.Select(x => At(0.4 - 0.9 * x))],
        };
    }

    private NodePerturbation Nodes(NetworkPlan plan, PlannedLayer layer, Split split, Random random)
    {
        int correct = (int)(0.95 * Samples);
        int Fewest() =>
            Math.Max(0, correct - (int)(Samples * 0.0004 * Math.Exp(1.7 * Normal(random) + (layer.Layer is Abs ? 2 : 1))));
        return new NodePerturbation
        {
            Layer = AnalyzedLayer.Of(plan, layer.Index),
            Split = split,
            Samples = Samples,
            Correct = correct,
            Lowest = Number(0),
            Highest = Number(9.25f),
            FewestFromBelow = [.. Enumerable.Range(0, layer.Outputs).Select(_ => Fewest())],
            FewestFromAbove = [.. Enumerable.Range(0, layer.Outputs).Select(_ => Fewest())],
        };
    }

    private ClassDistributions Distributions(NetworkPlan plan, PlannedLayer layer, Random random)
    {
        const float Lowest = -8, Highest = 6;
        int[] Histogram(int label)
        {
            double middle = -4 + 6.0 * ((7 * label + 3) % Classes) / Classes, width = 0.4 + random.NextDouble();
            int[] counts = new int[ClassDistributions.Bins];
            for (int sample = 0; sample < Samples / Classes; sample++)
            {
                int bin = (int)((middle + width * Normal(random) - Lowest) / (Highest - Lowest) * counts.Length);
                counts[Math.Clamp(bin, 0, counts.Length - 1)]++;
            }
            return counts;
        }

        return new ClassDistributions
        {
            Layer = AnalyzedLayer.Of(plan, layer.Index),
            Split = Split.Test,
            Node = layer.Outputs - 1,
            Separations = [.. Enumerable.Range(0, layer.Outputs).Select(_ => (double)Number((float)random.NextDouble()))],
            Lowest = Number(Lowest),
            Highest = Number(Highest),
            Counts = [.. Enumerable.Range(0, Classes)
                .Select(label => Diverged ? new int[ClassDistributions.Bins] : Histogram(label))],
        };
    }

    private WeightDistribution WeightsOf(ParameterTensor tensor, Random random)
    {
        double scale = tensor.Role == ParameterRole.Mu ? 2 : tensor.Role == ParameterRole.Alpha ? 0.4
            : 1 / Math.Sqrt(tensor.FanIn);
        // A third keeps its initial value, as the weights of pixels that are always black do.
        float Value() => Number((float)(scale * (random.Next(3) == 0 ? 2 * random.NextDouble() - 1 : 1.5 * Normal(random))));
        return Distribution(tensor.Name, tensor.Role, [.. Enumerable.Range(0, tensor.Count).Select(_ => Value())]);
    }

    /// <summary>A distribution as its definition has it: bins are found by search, not by division.</summary>
    public static WeightDistribution Distribution(
        string tensor, ParameterRole role, float[] values, double leastWidth = 1.0 / 4096)
    {
        float[] known = [.. values.Where(float.IsFinite)];
        double width = leastWidth;
        while (known.Any(value => value < -WeightDistribution.HalfBins * width || value >= WeightDistribution.HalfBins * width))
            width *= 2;
        double[] edges = [.. Enumerable.Range(-WeightDistribution.HalfBins, 2 * WeightDistribution.HalfBins)
            .Select(bin => bin * width)];
        long[] counts = new long[edges.Length];
        foreach (float value in known)
            counts[Array.FindLastIndex(edges, edge => edge <= value)]++;
        double mean = values.Average(value => (double)value);
        return new WeightDistribution
        {
            Tensor = tensor,
            Role = role,
            Count = values.Length,
            Mean = mean,
            StandardDeviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean))),
            Smallest = values.Min(),
            Largest = values.Max(),
            BinWidth = width,
            Counts = counts,
        };
    }

    private PrototypeAnalysis Prototypes(NetworkPlan plan, PlannedLayer layer, Random random)
    {
        RankedImage Image(int sample, int label, float distance) => new(sample, label, Number(distance), PixelsOf(label, random));
        // One of the images is of another class.
        int LabelOf(int i, int label) => i == 5 ? (label + 1) % Classes : label;
        RankedImage[] Images(int label, float distance) =>
            [.. Enumerable.Range(0, PrototypeAnalysis.RankedImages).Select(i => Image(31 * i, LabelOf(i, label), distance + i))];
        Prototype Of(int label) => new()
        {
            Class = label,
            Mu = Values(layer.Inputs, () => 2 * Normal(random) + 1),
            Alpha = Values(layer.Inputs, () => 0.3 * Normal(random) + 0.1),
            Nearest = Images(label, 1.5f),
            Farthest = Images((label + 3) % Classes, 20),
            Closest = new ClosestInput(PixelsOf(label, random), Number(0.75f), Number(1.5f), 200),
        };
        return new PrototypeAnalysis
        {
            Layer = AnalyzedLayer.Of(plan, layer.Index),
            Split = Split.Test,
            ImageHeight = Size,
            ImageWidth = Size,
            Classes = [.. Enumerable.Range(0, Classes).Select(Of)],
        };
    }

    private static OutputOrder Order(NetworkPlan plan, Split split, Random random)
    {
        int last = plan.Layers.Last(layer => layer.Layer is not Neg).Index;
        int[] images = [.. Enumerable.Range(0, 2 * plan.Classes - 1).Select(_ => random.Next(1, 1000))];
        return new OutputOrder { Layer = AnalyzedLayer.Of(plan, last), Split = split, Images = images };
    }

    private RepresentationIndex Representation(NetworkPlan plan, Split split, Random random)
    {
        int last = plan.Layers.Last(layer => layer.Layer is not Neg).Index;
        double middle = plan.Layers[^1].Layer is Neg ? 0.06 : 0.94;
        double[] outputs = [.. Enumerable.Range(0, Classes).Select(_ => Math.Clamp(middle + 0.04 * Normal(random), 0, 1))];
        if (Diverged)
            Array.Fill(outputs, double.NaN);
        return new RepresentationIndex { Layer = AnalyzedLayer.Of(plan, last), Split = split, Outputs = outputs };
    }

    private TheoryCheck Theory(NetworkPlan plan, PlannedLayer layer, Random random)
    {
        ClassTheory Of(int label)
        {
            double[] means = [.. Enumerable.Range(0, layer.Inputs).Select(_ => 2 * Math.Abs(Normal(random)))];
            // Every seventh input does not vary.
            double[] deviations = [.. means.Select((_, i) => i % 7 == 3 ? 0 : 0.3 + random.NextDouble())];
            return new ClassTheory
            {
                Class = label,
                Mu = [.. means.Select(mean => Number((float)(0.8 * mean + 0.4 * Normal(random))))],
                Weight = [.. deviations.Select(deviation =>
                    Number((float)Math.Abs(0.3 / (deviation + 0.1) + 0.1 * Normal(random))))],
                Mean = [.. means.Select(mean => Number((float)mean))],
                Deviation = [.. deviations.Select(deviation => Number((float)deviation))],
                OthersMean = Values(layer.Inputs, () => 1.6 * Math.Abs(Normal(random))),
                MeanCorrelation = Number(0.9f),
                MeanDistance = Number(0.3f),
                OthersCorrelation = Number(0.1f),
                OthersDistance = Number(1.2f),
                WeightCorrelation = Number(0.6f),
                VaryingInputs = deviations.Count(deviation => deviation > 0),
                RankCorrelation = Number(0.8f),
                OthersRankCorrelation = Number(-0.1f),
            };
        }

        return new TheoryCheck
        {
            Layer = AnalyzedLayer.Of(plan, layer.Index),
            Model = ((DistanceLayer)layer.Layer).Model,
            Split = Split.Train,
            Classes = [.. Enumerable.Range(0, Classes).Select(Of)],
        };
    }

    /// <summary>A ring with a stroke whose direction tells the class, and a little noise.</summary>
    private byte[] PixelsOf(int label, Random random)
    {
        double middle = (Size - 1) / 2.0, angle = Math.PI * label / Classes, noise = 0.05 * random.NextDouble();
        byte Pixel(int row, int column)
        {
            double y = (row - middle) / Size, x = (column - middle) / Size;
            double radius = Math.Sqrt(x * x + y * y), across = x * Math.Sin(angle) - y * Math.Cos(angle);
            double ink = Math.Max(1 - Math.Abs(radius - 0.32) / 0.09, radius < 0.3 ? 1 - Math.Abs(across) / 0.08 : 0);
            return (byte)(255 * Math.Clamp(ink + noise * Normal(random), 0, 1));
        }
        return [.. Enumerable.Range(0, Size * Size).Select(i => Pixel(i / Size, i % Size))];
    }

    private float[] Values(int count, Func<double> next) => [.. Enumerable.Range(0, count).Select(_ => Number((float)next()))];

    private float Number(float value) => Diverged ? float.NaN : value;

    /// <summary>Normally distributed by Box and Muller's method.</summary>
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

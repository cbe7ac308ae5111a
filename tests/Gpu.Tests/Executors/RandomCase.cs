using CsCheck;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Tests.Executors;

/// <summary>
/// A random network with parameters and samples. All values are small multiples of powers of two, so that products and sums
/// of the first layers are exact in float32: whether a value is exactly 0, where Abs and ReLU have a kink, is then the same
/// in float32 and float64.
/// </summary>
public sealed record RandomCase(Network Network, int Inputs, int Classes, int Count, bool IsBytes, float Scale, float Shift,
    int Seed)
{
    private static readonly int[] Widths = [1, 2, 7, 10, 16, 17, 33, 64, 65, 127, 129];
    private static readonly int[] Counts = [1, 3, 7, 64, 65, 127, 129, 443];

    public static Gen<RandomCase> Generate(int largestWidth, int largestCount)
    {
        Gen<int> width = OneOf([.. Widths.Where(w => w <= largestWidth)]);
        Gen<OffsetL2Form> form = Gen.Enum<OffsetL2Form>();
        Gen<Layer> hidden = Gen.OneOf<Layer>(
            Gen.Select(width, Gen.Bool, (w, bias) => (Layer)new Linear(w, bias)),
            Gen.Const((Layer)new Abs()), Gen.Const((Layer)new ReLU()), Gen.Const((Layer)new Neg()),
            Gen.Select(width, form, (w, f) => (Layer)new OffsetL2(w, f)),
            width.Select(w => (Layer)new OffsetL1(w)), width.Select(w => (Layer)new PointSlope(w)));
        Gen<Layer> Last(int classes) => Gen.OneOf<Layer>(
            Gen.Bool.Select(bias => (Layer)new Linear(classes, bias)), form.Select(f => (Layer)new OffsetL2(classes, f)),
            Gen.Const((Layer)new OffsetL1(classes)), Gen.Const((Layer)new PointSlope(classes)));
        return
            from classes in OneOf(2, 3, 10, 17)
            from inputs in width
            from first in Gen.OneOf<Layer>(hidden, width.Select(w => (Layer)new Linear(w)))
            from middle in hidden.Array[0, 3]
            from last in Last(classes)
            from end in OneOf<Layer[]>([], [new Neg()], [new Abs()], [new ReLU(), new Neg()])
            from count in OneOf([.. Counts.Where(c => c <= largestCount)])
            from isBytes in Gen.Bool
            from scaling in OneOf((1f, 0f), (0.25f, 0f), (0.5f, -0.75f))
            from seed in Gen.Int[0, 1 << 20]
            select new RandomCase(
                new Network([first, .. middle, last, .. end]), inputs, classes, count, isBytes, scaling.Item1, scaling.Item2,
                seed);
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    public NetworkPlan Plan => NetworkPlan.Compile(Network, Inputs, Classes);

    public Samples Samples()
    {
        var random = new Random(Seed);
        byte[] labels = [.. Enumerable.Range(0, Count).Select(_ => (byte)random.Next(Classes))];
        // Some data sets are mostly zero, others have hardly a zero: both ways through the first layer are taken.
        double zeros = random.Next(2) == 0 ? 0.8 : 0.1;
        int[] values = [.. Enumerable.Range(0, Count * Inputs).Select(_ => random.NextDouble() < zeros ? 0 : random.Next(8))];
        return IsBytes
            ? new Samples(values.Select(v => (byte)v).ToArray(), labels, Inputs, Scale, Shift)
            : new Samples(values.Select(v => v / 4f - 1).ToArray(), labels, Inputs, Scale, Shift);
    }

    /// <summary>Parameters in the host layout: weights shrink with the fan-in, so that logits stay moderate.</summary>
    public float[] Parameters()
    {
        var random = new Random(Seed + 1);
        return [.. Plan.Tensors.SelectMany(tensor => Enumerable.Range(0, tensor.Count).Select(_ => tensor.Role switch
        {
            ParameterRole.Weight => (random.Next(17) - 8) * MathF.Pow(2, -4 - MathF.Ceiling(MathF.Log2(tensor.FanIn) / 2)),
            // Positive, because sums of either sign cancel in float32.
            ParameterRole.Alpha => random.Next(1, 9) * MathF.Pow(2, -3 - MathF.Ceiling(MathF.Log2(tensor.FanIn) / 2)),
            _ => (random.Next(17) - 8) / 8f,
        }))];
    }

    public override string ToString() =>
        $"{Network} on {Inputs} inputs, {Classes} classes, {Count} samples of {(IsBytes ? "bytes" : "floats")} · {Scale} + " +
            $"{Shift}, seed {Seed}";
}

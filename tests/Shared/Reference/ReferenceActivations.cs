using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Tests.Reference;

/// <summary>A layer's outputs on the host, and every statistic of them as its definition says it, by brute force.</summary>
/// <param name="layer">The layer.</param>
/// <param name="values">[samples, outputs] row-major.</param>
/// <param name="labels">[samples]</param>
/// <param name="classes">Number of classes.</param>
/// <param name="tail">The logits from one sample's outputs.</param>
internal sealed class ReferenceActivations(
    PlannedLayer layer, float[] values, byte[] labels, int classes, Func<double[], double[]> tail) : IDeviceActivations
{
    public PlannedLayer Layer => layer;

    public int Count => labels.Length;

    private int Width => layer.Outputs;

    public ActivationSums Sum(float threshold, ReadOnlySpan<float> centers = default)
    {
        var sums = new ActivationSums
        {
            Counts = new int[classes],
            Active = new int[classes * Width],
            Smallest = [.. Enumerable.Repeat(float.PositiveInfinity, classes * Width)],
            Largest = [.. Enumerable.Repeat(float.NegativeInfinity, classes * Width)],
            Sums = new double[classes * Width],
            SquareSums = new double[classes * Width],
        };
        for (int s = 0; s < Count; s++)
        {
            sums.Counts[labels[s]]++;
            for (int node = 0; node < Width; node++)
            {
                int at = labels[s] * Width + node;
                float a = values[s * Width + node];
                double d = a - (centers.IsEmpty ? 0.0 : centers[at]);
                sums.Active[at] += Math.Abs(a) > threshold ? 1 : 0;
                sums.Smallest[at] = Math.Min(sums.Smallest[at], a);
                sums.Largest[at] = Math.Max(sums.Largest[at], a);
                sums.Sums[at] += d;
                sums.SquareSums[at] += d * d;
            }
        }
        return sums;
    }

    public int[] Histogram(int node, float lowest, float highest, int bins)
    {
        int[] counts = new int[classes * bins];
        for (int s = 0; s < Count; s++)
        {
            float a = values[s * Width + node];
            if (a >= lowest && a <= highest)
                counts[labels[s] * bins + Math.Min(bins - 1, (int)((a - lowest) * (bins / (highest - lowest))))]++;
        }
        return counts;
    }

    public IDeviceRanks Rank() => new Ranks(values, labels, classes, Width);

    public int[] CountCorrect(ReadOnlySpan<Clamp> clamps)
    {
        int[] correct = new int[clamps.Length];
        for (int c = 0; c < clamps.Length; c++)
        {
            for (int s = 0; s < Count; s++)
            {
                double[] x = [.. values.Skip(s * Width).Take(Width).Select(value => (double)value)];
                for (int node = 0; node < Width; node++)
                {
                    if (clamps[c].Node is Clamp.AllNodes || clamps[c].Node == node)
                        x[node] = Math.Min(Math.Max(x[node], clamps[c].Lowest), clamps[c].Highest);
                }
                double[] logits = tail(x);
                correct[c] += Array.IndexOf(logits, logits.Max()) == labels[s] ? 1 : 0;
            }
        }
        return correct;
    }

    public void Dispose() { }

    private sealed class Ranks(float[] values, byte[] labels, int classes, int width) : IDeviceRanks
    {
        public int Count => labels.Length;

        public int Width => width;

        private float[] Column(int node) => [.. Enumerable.Range(0, Count).Select(s => values[s * width + node])];

        private long[] Doubled(int node)
        {
            float[] column = Column(node);
            return [.. column.Select(a => 2L * column.Count(other => other < a) + column.Count(other => other == a) + 1)];
        }

        public long[] SumByClass()
        {
            long[] sums = new long[classes * width];
            for (int node = 0; node < width; node++)
            {
                foreach (var (s, rank) in Doubled(node).Index())
                    sums[labels[s] * width + node] += rank;
            }
            return sums;
        }

        public long[] SumProducts(IDeviceRanks other) =>
            [.. Enumerable.Range(0, width)
                .Select(node => Doubled(node).Zip(((Ranks)other).Doubled(node), (a, b) => a * b).Sum())];

        public int[] SamplesAt(int node, int first, int count)
        {
            float[] column = Column(node);
            return [.. Enumerable.Range(0, Count).OrderBy(s => column[s]).Skip(first).Take(count)];
        }

        public void Dispose() { }
    }
}

using IlgpuDistance.Bench.Epochs;
using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Bench.Scaling;

/// <summary>
/// Images of any size, number and density, in which the pixels that are not zero lie together and images of a class overlap, as
/// digits do: without that the order by likeness, which the sparse form of the data lives from, would find nothing.
/// </summary>
/// <remarks>
/// An image is the region that is nearest to some points, of which each class has its own and each image displaces each a little:
/// so many pixels as the density says, brighter the nearer they are.
/// </remarks>
internal static class SyntheticImages
{
    private const int Classes = 10, Points = 6;

    /// <summary>
    /// Where the points of classes are, about the middle of the image, and how far an image displaces them and itself: standard
    /// deviations in widths of an image. With these, where one of the four images of a group has a pixel, 2.9 have, as in MNIST.
    /// </summary>
    private const double ClassSpread = 0.16, PointShift = 0.037, ImageShift = 0.02;

    /// <summary>Standard deviation of the ink in an image, or, where most is ink, of what is left free; relative.</summary>
    private const double InkSpread = 0.27;

    /// <summary>Steps in which nearness is counted to find the nearest pixels.</summary>
    private const int Levels = 1024;

    /// <summary>
    /// Draws images to train on, and a sixth as many to test on, as MNIST has; the same for the same arguments.
    /// </summary>
    /// <param name="count">Images to train on.</param>
    /// <param name="side">Pixels of a row and of a column.</param>
    /// <param name="density">Share of the pixels that are not zero, above 0 and at most 1.</param>
    public static Workload Draw(int count, int side, double density) =>
        new(DrawSamples(count, side, density, seed: 1), DrawSamples(Math.Max(count / 6, 1), side, density, seed: 2), Classes);

    private static Samples DrawSamples(int count, int side, double density, int seed)
    {
        int width = side * side;
        byte[] pixels = new byte[(long)count * width], labels = new byte[count];
        var classes = new Random(0);
        (double X, double Y)[] centers =
        [
            .. Enumerable.Range(0, Classes * Points)
                .Select(_ => (0.5 + ClassSpread * Normal(classes), 0.5 + ClassSpread * Normal(classes))),
        ];
        // Portions of equal size, each with random numbers of its own, so that the number of threads decides nothing.
        const int Portion = 1000;
        Parallel.For(0, (count + Portion - 1) / Portion, portion =>
        {
            var random = new Random(seed * 1_000_003 + portion);
            int[] levels = new int[width];
            for (int n = portion * Portion; n < Math.Min(count, (portion + 1) * Portion); n++)
            {
                int label = random.Next(Classes);
                labels[n] = (byte)label;
                DrawImage(
                    pixels.AsSpan(n * width, width), levels, side, density, centers.AsSpan(label * Points, Points), random);
            }
        });
        // Scaled to 0 to 1, because training wide and deep networks on raw bytes diverges.
        return new Samples(pixels, labels, width, scale: 1f / 255);
    }

    private static void DrawImage(
        Span<byte> pixels, Span<int> levels, int side, double density, ReadOnlySpan<(double X, double Y)> centers, Random random)
    {
        Span<float> xs = stackalloc float[Points], ys = stackalloc float[Points];
        double right = ImageShift * Normal(random), down = ImageShift * Normal(random);
        for (int p = 0; p < Points; p++)
        {
            xs[p] = (float)(centers[p].X + right + PointShift * Normal(random));
            ys[p] = (float)(centers[p].Y + down + PointShift * Normal(random));
        }
        Span<int> counts = stackalloc int[Levels];
        counts.Clear();
        for (int i = 0, row = 0; row < side; row++)
        {
            for (int column = 0; column < side; column++, i++)
            {
                float x = (column + 0.5f) / side, y = (row + 0.5f) / side, nearest = float.MaxValue;
                for (int p = 0; p < Points; p++)
                    nearest = Math.Min(nearest, (xs[p] - x) * (xs[p] - x) + (ys[p] - y) * (ys[p] - y));
                levels[i] = Math.Min((int)(MathF.Sqrt(nearest) * Levels), Levels - 1);
                counts[levels[i]]++;
            }
        }
        int limit = 0;
        for (int left = Ink(density, pixels.Length, random) - counts[0]; left > 0 && limit < Levels - 1; left -= counts[limit])
            limit++;
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = levels[i] > limit ? (byte)0 : (byte)(255 - 200 * levels[i] / (limit + 1));
    }

    private static int Ink(double density, int pixels, Random random)
    {
        double variation = Math.Clamp(1 + InkSpread * Normal(random), 0.3, 1.7);
        double share = density < 0.5 ? density * variation : 1 - (1 - density) * variation;
        return Math.Clamp((int)Math.Round(share * pixels), 1, pixels);
    }

    /// <summary>A normally distributed number, by Box and Muller.</summary>
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

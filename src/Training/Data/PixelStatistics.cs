namespace IlgpuDistance.Training.Data;

/// <summary>Statistics over all pixels of a set of images, in grey values of 0 to 255.</summary>
/// <param name="Mean">Mean grey value.</param>
/// <param name="StandardDeviation">Population standard deviation; exactly 0 where all pixels are equal.</param>
/// <param name="ZeroShare">Share of the pixels that are 0, from 0 to 1.</param>
public sealed record PixelStatistics(double Mean, double StandardDeviation, double ZeroShare)
{
    private const int Values = byte.MaxValue + 1, Ways = 4;

    // Pixels that are counted in one go.
    private const int Portion = 1 << 20;

    /// <summary>The statistics of <paramref name="images"/>; their sums are exact integers.</summary>
    public static PixelStatistics Of(ImageSet images)
    {
        long[] histogram = Histogram(images.Pixels);
        long n = images.Pixels.Length, sum = 0, squares = 0;
        for (int value = 0; value < histogram.Length; value++)
        {
            sum += histogram[value] * value;
            squares += histogram[value] * value * value;
        }
        // variance = (n Σv² − (Σv)²) / n²; the numerator exceeds 64 bits for MNIST.
        Int128 numerator = (Int128)n * squares - (Int128)sum * sum;
        return new PixelStatistics((double)sum / n, Math.Sqrt((double)numerator) / n, (double)histogram[0] / n);
    }

    /// <summary>How often each value occurs.</summary>
    private static long[] Histogram(ReadOnlyMemory<byte> pixels)
    {
        long[] total = new long[Values];
        Parallel.For(0, (int)((pixels.Length + Portion - 1L) / Portion), () => new long[Ways * Values], (portion, _, counts) =>
        {
            int first = portion * Portion;
            Count(pixels.Span.Slice(first, Math.Min(Portion, pixels.Length - first)), counts);
            return counts;
        }, counts =>
        {
            lock (total)
            {
                for (int i = 0; i < counts.Length; i++)
                    total[i % Values] += counts[i];
            }
        });
        return total;
    }

    /// <summary>Adds to counts of values: [ways, values].</summary>
    private static void Count(ReadOnlySpan<byte> pixels, Span<long> counts)
    {
        // Most neighbours are 0: each way has counters of its own, so that none waits for the one before it.
        Span<long> first = counts[..Values], second = counts.Slice(Values, Values), third = counts.Slice(2 * Values, Values),
            fourth = counts.Slice(3 * Values, Values);
        int i = 0;
        for (; i + Ways <= pixels.Length; i += Ways)
        {
            first[pixels[i]]++;
            second[pixels[i + 1]]++;
            third[pixels[i + 2]]++;
            fourth[pixels[i + 3]]++;
        }
        for (; i < pixels.Length; i++)
            first[pixels[i]]++;
    }
}

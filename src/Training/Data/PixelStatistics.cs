namespace IlgpuDistance.Training.Data;

/// <summary>Statistics over all pixels of a set of images, in grey values of 0 to 255.</summary>
/// <param name="Mean">Mean grey value.</param>
/// <param name="StandardDeviation">Population standard deviation; exactly 0 where all pixels are equal.</param>
/// <param name="ZeroShare">Share of the pixels that are 0, from 0 to 1.</param>
public sealed record PixelStatistics(double Mean, double StandardDeviation, double ZeroShare)
{
    /// <summary>The statistics of <paramref name="images"/>; their sums are exact integers.</summary>
    public static PixelStatistics Of(ImageSet images)
    {
        Span<long> histogram = stackalloc long[256];
        histogram.Clear();
        foreach (byte value in images.Pixels.Span)
            histogram[value]++;

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
}

using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Cli.Verification;

/// <summary>What analyses ask of a layer's activations on the device: against the SIMD executor.</summary>
internal static class AnalysisCheck
{
    private const double Tolerance = 1e-5;

    /// <summary>The share of the images that may fall on another side where two executors round differently.</summary>
    private const double FewImages = 0.002;

    private const int Bins = 20;

    // Each layer with parameters follows a clamped one.
    private static readonly string[] Networks =
    [
        .. LayerKinds.ExamplesOf(outputs: 10).Where(layer => layer.HasParameters).Index().Select(layer =>
            $"linear(40) > {(layer.Index % 2 == 0 ? "relu" : "abs")} > {layer.Item}"),
    ];

    /// <summary>Compares sums, extremes, histograms, ranks, clamps and gradients of the input on the built-in digits.</summary>
    /// <returns>The largest differences.</returns>
    /// <exception cref="Discrepancy">Some are too large.</exception>
    public static string Of(VerifiedDevice device, CancellationToken cancellation)
    {
        var differences = new LargestDifferences();
        Dataset digits = Dataset.ReadDigits();
        Samples images = digits.TestSamples(InputScaling.Unit);
        foreach (string text in Networks)
        {
            cancellation.ThrowIfCancellationRequested();
            var plan = NetworkPlan.Compile(Network.Parse(text), images.Width, digits.Classes);
            float[] parameters = Initialisation.Draw(plan, seed: 1);
            device.RunBoth(plan, differences, (executor, other) =>
            {
                using IDeviceSamples mine = executor.Upload(images), its = other.Upload(images);
                executor.SetParameters(parameters);
                other.SetParameters(parameters);
                using IDeviceActivations actual = executor.Activations(mine, 1), expected = other.Activations(its, 1);
                Compare(expected, actual, text, differences);
                CompareRanks(expected, actual, text, differences);
                float[] gradients = new float[images.Count * images.Width], reference = new float[gradients.Length];
                executor.ReadInputGradients(mine, plan.Layers.Count - 1, 3, gradients);
                other.ReadInputGradients(its, plan.Layers.Count - 1, 3, reference);
                differences.Add("gradients of images", text, [.. reference.Select(value => (double)value)], gradients, Tolerance);
            });
        }
        return differences.Conclude("networks");
    }

    private static void Compare(IDeviceActivations expected, IDeviceActivations actual, string of, LargestDifferences differences)
    {
        ActivationSums sums = expected.Sum(threshold: 0.1f), mine = actual.Sum(threshold: 0.1f);
        differences.Add("sums", of, sums.Sums, [.. mine.Sums.Select(value => (float)value)], Tolerance);
        differences.Add("sums of squares", of, sums.SquareSums, [.. mine.SquareSums.Select(value => (float)value)], Tolerance);
        differences.Add("extremes", of, [.. sums.Largest.Select(value => (double)value)], mine.Largest, Tolerance);
        Few("active images", of, sums.Active, mine.Active);
        float highest = sums.Largest.Max();
        Few("histograms", of, expected.Histogram(7, 0, highest, Bins), actual.Histogram(7, 0, highest, Bins));
        Clamp[] clamps =
        [
            new(0.2f * highest, float.PositiveInfinity), new(float.NegativeInfinity, 0.2f * highest), new(0, 0, 5),
            new(0.3f * highest, 0.5f * highest, 11),
        ];
        Few("clamped predictions", of, expected.CountCorrect(clamps), actual.CountCorrect(clamps));

        // Counts of images, of which a few may fall on another side; relative to all of them.
        void Few(string what, string of, int[] expectedCounts, int[] actualCounts)
        {
            double images = expected.Count;
            differences.AddDifference(
                what, of, expectedCounts.Zip(actualCounts, (a, b) => Math.Abs(a - b)).Max() / images,
                Math.Max(1, FewImages * images) / images);
        }
    }

    private static void CompareRanks(
        IDeviceActivations expected, IDeviceActivations actual, string of, LargestDifferences differences)
    {
        using IDeviceRanks ranks = expected.Rank(), mine = actual.Rank();
        differences.Add(
            "ranks", of, [.. ranks.SumByClass().Select(sum => (double)sum)], [.. mine.SumByClass().Select(sum => (float)sum)],
            FewImages);
        differences.Add(
            "products of ranks", of, [.. ranks.SumProducts(ranks).Select(sum => (double)sum)],
            [.. mine.SumProducts(mine).Select(sum => (float)sum)], FewImages);
    }
}

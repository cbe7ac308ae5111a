using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Cli.Verification;

/// <summary>A long training on the built-in digits: the device's learning curve beside that of the SIMD executor.</summary>
/// <remarks>
/// Rounding errors grow from step to step where nothing damps them, so that two right devices may drift apart; on the digits,
/// seen between 0 and 1, these networks' curves stay together within 1e-5 for hundreds of epochs.
/// </remarks>
internal static class CurveCheck
{
    private const double LossTolerance = 1e-3, AccuracyTolerance = 0.01;
    private const float LearningRate = 0.05f;

    private static readonly string[] Models = ["ReLU", "Abs-L2-Neg"];

    /// <summary>Trains on both and compares loss and test accuracy of every epoch.</summary>
    /// <returns>The largest differences.</returns>
    /// <exception cref="Discrepancy">The curves part.</exception>
    public static string Of(VerifiedDevice device, int epochs, CancellationToken cancellation)
    {
        Dataset digits = Dataset.ReadDigits();
        var differences = new LargestDifferences();
        foreach (string model in Models)
        {
            var plan = NetworkPlan.Compile(
                PaperModels.Resolve(model, digits.Classes, OffsetL2Form.Paper), digits.Train.PixelsPerImage, digits.Classes);
            float[] start = Initialisation.Draw(plan, seed: 0);
            device.RunBoth(plan, differences, (executor, other) =>
            {
                executor.SetParameters(start);
                other.SetParameters(start);
                using IDeviceSamples train = executor.Upload(digits.TrainSamples(InputScaling.Unit));
                using IDeviceSamples test = executor.Upload(digits.TestSamples(InputScaling.Unit));
                using IDeviceSamples otherTrain = other.Upload(digits.TrainSamples(InputScaling.Unit));
                using IDeviceSamples otherTest = other.Upload(digits.TestSamples(InputScaling.Unit));
                for (int epoch = 0; epoch < epochs; epoch++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    // Where the curves part, they do not meet again.
                    if (!differences.Add(
                        "loss", model, other.TrainEpoch(otherTrain, LearningRate).Loss,
                        executor.TrainEpoch(train, LearningRate).Loss, LossTolerance, $"epoch {epoch}"))
                    {
                        break;
                    }
                }
                // In percent each, and so as a share of the images.
                differences.AddDifference(
                    "test accuracy", model, Math.Abs(executor.Evaluate(test).Accuracy - other.Evaluate(otherTest).Accuracy) / 100,
                    AccuracyTolerance);
            });
        }
        return $"{epochs} epochs of {differences.Conclude("models")}";
    }
}

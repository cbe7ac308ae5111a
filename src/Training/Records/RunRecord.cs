using IlgpuDistance.Training.Loop;

namespace IlgpuDistance.Training.Records;

/// <summary>A training that reached its last epoch, as its folder records it.</summary>
internal sealed record RunRecord
{
    /// <summary>The number of the run, which decides its initial weights.</summary>
    public required int Number { get; init; }

    /// <summary>The last epoch's figures; the test accuracy is known.</summary>
    public required EpochRecord Final { get; init; }

    /// <summary>Wall time of all epochs, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>The device's name and the executor.</summary>
    public required string Device { get; init; }

    /// <summary>
    /// Mean cross-entropy on the training samples, in nats; element e is that of epoch e. Empty where only the final figures are
    /// known, as <see cref="HasCurve"/> says.
    /// </summary>
    public required double[] Losses { get; init; }

    /// <summary>Accuracy on the training samples before the step of each epoch, in percent.</summary>
    public required double[] TrainAccuracies { get; init; }

    /// <summary>Accuracy on the test samples, in percent; NaN where an epoch was not evaluated.</summary>
    public required double[] TestAccuracies { get; init; }

    /// <summary>
    /// What is wrong with the network although its loss is finite, as a sentence; null where nothing is known to be.
    /// </summary>
    public string? Defect { get; init; }

    /// <summary>SHA-256 of the model's file; null from versions that did not keep it.</summary>
    public string? ModelSha256 { get; init; }

    /// <summary>Whether the figures of its epochs are known, and not only the final ones.</summary>
    public bool HasCurve => Losses.Length > 0;

    /// <summary>Accuracy on the test samples after the last epoch, in percent.</summary>
    public double TestAccuracy => Final.TestAccuracy!.Value;
}

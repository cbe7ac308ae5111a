using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Loop;

/// <summary>How to train. The defaults are the protocol of arXiv:2502.02103 but for the number of epochs (5,000 there).</summary>
public sealed record TrainingOptions
{
    /// <summary>The batch size that stands for all samples.</summary>
    public const int FullBatch = int.MaxValue;

    /// <summary>Epochs to train in all; 0 only evaluates the untrained network.</summary>
    public int Epochs { get; init; } = 500;

    /// <summary>Learning rate of plain SGD.</summary>
    public float LearningRate { get; init; } = 0.001f;

    /// <summary>Samples per step, or <see cref="FullBatch"/>.</summary>
    public int BatchSize { get; init; } = FullBatch;

    /// <summary>The seed of the initial parameters and of the batches.</summary>
    public long Seed { get; init; }

    /// <summary>Which of several runs with this seed, counted from 0.</summary>
    public int Run { get; init; }

    /// <summary>The test samples are evaluated every so many epochs, and after the last.</summary>
    public int EvaluateEvery { get; init; } = 1;

    /// <summary>Whether the record of an epoch has the accuracy on the test samples.</summary>
    public bool IsTested(int epoch) => epoch == Epochs || epoch % EvaluateEvery == 0;

    /// <summary>Checks every value.</summary>
    /// <param name="trainingSamples">The number of training samples, which is the largest batch, as far as it is known.</param>
    /// <exception cref="InputException">A value cannot be used; the message names it.</exception>
    public void Check(int? trainingSamples = null)
    {
        if (Epochs < 0)
            throw new InputException($"{Settings.Epochs} {Epochs}: expected 0 or more");
        if (!float.IsFinite(LearningRate) || LearningRate <= 0)
            throw new InputException($"{Settings.LearningRate} {LearningRate}: expected a finite number above 0");
        if (BatchSize != FullBatch && (BatchSize < 1 || BatchSize > trainingSamples))
        {
            string most = trainingSamples is null ? "" : $" ({trainingSamples})";
            throw new InputException(
                $"{Settings.BatchSize} {BatchSize}: expected 1 to the number of training samples{most}, or full");
        }
        if (EvaluateEvery < 1)
            throw new InputException($"{Settings.EvaluateEvery} {EvaluateEvery}: expected 1 or more");
        if (Run < 0)
            throw new InputException($"{Settings.Run} {Run}: expected 0 or more");
    }
}

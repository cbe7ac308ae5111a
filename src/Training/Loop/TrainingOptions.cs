using System.Text.Json.Serialization;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Optimizers;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Loop;

/// <summary>How to train. The defaults are the protocol of arXiv:2502.02103 but for the number of epochs (5,000 there).</summary>
public sealed record TrainingOptions : IChecked
{
    /// <summary>The batch size that stands for all samples.</summary>
    public const int FullBatch = int.MaxValue;

    /// <summary>Epochs to train in all; 0 only evaluates the untrained network.</summary>
    public int Epochs { get; init; } = 500;

    /// <summary>Learning rate.</summary>
    public float LearningRate { get; init; } = 0.001f;

    /// <summary>How the learning rate changes in the course of the training.</summary>
    [JsonConverter(typeof(ScheduleConverter))]
    public LearningRateSchedule Schedule { get; init; } = new ConstantRate();

    /// <summary>Factors of the learning rate by what a parameter is to its layer.</summary>
    public RateFactors RateFactors { get; init; } = RateFactors.None;

    /// <summary>How parameters change with each step.</summary>
    public Optimizer Optimizer { get; init; } = new Sgd();

    /// <summary>Samples per step, or <see cref="FullBatch"/>.</summary>
    [JsonConverter(typeof(BatchSizeConverter))]
    public int BatchSize { get; init; } = FullBatch;

    /// <summary>The seed of the initial parameters and of the batches.</summary>
    public long Seed { get; init; }

    /// <summary>Which of several runs with this seed, counted from 0; an experiment has all of them.</summary>
    [JsonIgnore]
    public int Run { get; init; }

    /// <summary>The test samples are evaluated every so many epochs, and after the last.</summary>
    public int EvaluateEvery { get; init; } = 1;

    /// <summary>The learning rate of a step, before its factors by role.</summary>
    /// <param name="epochs">Epochs before it.</param>
    /// <param name="batch">Steps before it in its epoch.</param>
    /// <param name="batches">Steps of an epoch.</param>
    public float RateAt(int epochs, int batch, int batches) =>
        (float)(LearningRate * Schedule.FactorAt((long)epochs * batches + batch, batches, Epochs));

    /// <summary>Whether the record of an epoch has the accuracy on the test samples.</summary>
    public bool IsTested(int epoch) => epoch == Epochs || epoch % EvaluateEvery == 0;

    /// <summary>What the file of a run or an experiment has.</summary>
    void IChecked.Check() => Expect.Usable(() => Check());

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
        Schedule.Check(Epochs);
        Optimizer.Check();
        if (EvaluateEvery < 1)
            throw new InputException($"{Settings.EvaluateEvery} {EvaluateEvery}: expected 1 or more");
        if (Run < 0)
            throw new InputException($"{Settings.Run} {Run}: expected 0 or more");
    }
}

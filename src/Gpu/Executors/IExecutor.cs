using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Optimizers;

namespace IlgpuDistance.Gpu.Executors;

/// <summary>The two ways to run a plan.</summary>
public enum ExecutorKind
{
    /// <summary>SIMD code on the CPU accelerator.</summary>
    Simd,

    /// <summary>One kernel per layer and direction, on any accelerator.</summary>
    Kernels,
}

/// <summary>The sums of one pass over samples.</summary>
/// <param name="LossSum">Sum of the samples' cross-entropy, in nats.</param>
/// <param name="Correct">Samples whose largest logit (the first of equals) is that of their class.</param>
/// <param name="Count">Samples in the pass.</param>
public readonly record struct PassMetrics(double LossSum, int Correct, int Count)
{
    /// <summary>Mean cross-entropy, in nats.</summary>
    public double Loss => LossSum / Count;

    /// <summary>Accuracy in percent.</summary>
    public double Accuracy => 100.0 * Correct / Count;
}

/// <summary>Samples that an executor has taken to its device, divided into batches.</summary>
public interface IDeviceSamples : IDisposable
{
    /// <summary>Number of samples.</summary>
    int Count { get; }

    /// <summary>Samples per batch; the last batch holds what is left.</summary>
    int BatchSize { get; }

    /// <summary>Number of batches.</summary>
    int BatchCount => (Count + BatchSize - 1) / BatchSize;
}

/// <summary>
/// Runs a <see cref="NetworkPlan"/> on a device: holds its parameters and gradients there, and computes passes over
/// samples. Not thread-safe. The same calls give the same bits, for any number of threads.
/// </summary>
/// <remarks>
/// Every method throws an <see cref="ObjectDisposedException"/> where the executor, its device or the samples have been disposed;
/// those that read parameters an <see cref="InvalidOperationException"/> where none were set; those that take samples or lengths
/// an <see cref="ArgumentException"/> where the samples are another executor's, or the length is not the documented one; those
/// that compare with labels the same where the samples have none.
/// </remarks>
public interface IExecutor : IDisposable
{
    /// <summary>What is run.</summary>
    NetworkPlan Plan { get; }

    /// <summary>Sets all parameters.</summary>
    /// <param name="parameters">[<see cref="NetworkPlan.ParameterCount"/>] in the host layout.</param>
    void SetParameters(ReadOnlySpan<float> parameters);

    /// <summary>Reads all parameters.</summary>
    /// <param name="parameters">[<see cref="NetworkPlan.ParameterCount"/>] in the host layout.</param>
    void GetParameters(Span<float> parameters);

    /// <summary>
    /// Reads the gradient of the mean loss of the batch that was trained on last, or that <see cref="ComputeGradients"/> took.
    /// </summary>
    /// <exception cref="InvalidOperationException">There was none.</exception>
    /// <param name="gradients">[<see cref="NetworkPlan.ParameterCount"/>] in the host layout.</param>
    void GetGradients(Span<float> gradients);

    /// <summary>Takes samples to the device.</summary>
    /// <param name="samples">Samples of the plan's width whose labels are below the plan's number of classes.</param>
    /// <param name="batchSize">Samples per batch; larger than the number of samples means all.</param>
    /// <exception cref="ArgumentException">The width or a label does not fit the plan.</exception>
    IDeviceSamples Upload(Samples samples, int batchSize = int.MaxValue);

    /// <summary>Chooses how <see cref="TrainEpoch"/> steps. An executor begins with plain SGD.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="factors">Factors of the learning rate; null for none.</param>
    /// <param name="state">
    /// From <see cref="GetOptimizerState"/> of an executor with the same plan and optimizer; null before the first step.
    /// </param>
    /// <exception cref="InputException">An argument of the optimizer cannot be used.</exception>
    /// <exception cref="MemoryException">Its state does not fit.</exception>
    /// <exception cref="ArgumentException">The state is that of another optimizer or plan.</exception>
    void SetOptimizer(Optimizer optimizer, RateFactors? factors = null, OptimizerState? state = null);

    /// <summary>Reads what the optimizer keeps from step to step.</summary>
    OptimizerState GetOptimizerState();

    /// <summary>
    /// One epoch: for each batch forward, backward, and a step of the optimizer along the gradient of the mean loss.
    /// </summary>
    /// <param name="samples">From <see cref="Upload"/> of this executor.</param>
    /// <param name="learningRates">The learning rate of each batch that is visited, or one for all.</param>
    /// <param name="batchOrder">The batches to visit, in order; empty means all in their own order.</param>
    /// <returns>The sums over the forward passes, each before its own step.</returns>
    /// <exception cref="MemoryException">What a pass needs besides, such as the sums of portions, does not fit.</exception>
    PassMetrics TrainEpoch(IDeviceSamples samples, ReadOnlySpan<float> learningRates, ReadOnlySpan<int> batchOrder = default);

    /// <summary>One batch forward and backward without a step, for <see cref="GetGradients"/>.</summary>
    /// <param name="samples">From <see cref="Upload"/> of this executor.</param>
    /// <param name="batch">Which of its batches.</param>
    /// <returns>The sums over the batch.</returns>
    PassMetrics ComputeGradients(IDeviceSamples samples, int batch = 0);

    /// <summary>
    /// Forward and backward pass that reads for every sample ∂y_o/∂x, the gradient of one output of a layer with respect to what
    /// the network sees of the sample: x = scale · value + shift.
    /// </summary>
    /// <param name="samples">From <see cref="Upload"/> of this executor.</param>
    /// <param name="layer">Index of the layer; the last one's outputs are the logits.</param>
    /// <param name="output">Which of its outputs.</param>
    /// <param name="gradients">[samples, inputs of the plan] row-major, in the order in which the samples were uploaded.</param>
    void ReadInputGradients(IDeviceSamples samples, int layer, int output, Span<float> gradients);

    /// <summary>Forward pass over all samples.</summary>
    /// <param name="samples">From <see cref="Upload"/> of this executor.</param>
    PassMetrics Evaluate(IDeviceSamples samples);

    /// <summary>Forward pass that reads one layer's output for all samples, in the order in which they were uploaded.</summary>
    /// <param name="samples">From <see cref="Upload"/> of this executor.</param>
    /// <param name="layer">Index of the layer; the last one's outputs are the logits.</param>
    /// <param name="activations">[samples, outputs of the layer] row-major.</param>
    void ReadActivations(IDeviceSamples samples, int layer, Span<float> activations);

    /// <summary>Forward pass that keeps one layer's output for all samples on the device.</summary>
    /// <param name="samples">From <see cref="Upload"/> of this executor; must outlive the result.</param>
    /// <param name="layer">Index of the layer.</param>
    /// <returns>The activations with the parameters of now; the executor must outlive them.</returns>
    IDeviceActivations Activations(IDeviceSamples samples, int layer);
}

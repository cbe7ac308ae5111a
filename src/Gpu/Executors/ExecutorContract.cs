using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Executors;

/// <summary>
/// What an executor asks of those who call it, checked before memory is touched: nobody reads what was freed, what belongs to
/// another executor, or what was never set.
/// </summary>
/// <param name="plan">What the executor runs.</param>
/// <param name="device">Where.</param>
internal sealed class ExecutorContract(NetworkPlan plan, ComputeDevice device)
{
    private bool _isDisposed, _hasParameters, _hasGradients;

    /// <summary>What the executor runs.</summary>
    public NetworkPlan Plan => plan;

    /// <summary>Ends the executor.</summary>
    /// <returns>Whether it had not ended before.</returns>
    public bool End()
    {
        bool first = !_isDisposed;
        _isDisposed = true;
        return first;
    }

    /// <exception cref="ObjectDisposedException">The executor or its device has been disposed.</exception>
    public void CheckAlive()
    {
        Check(_isDisposed, "the executor has been disposed");
        device.CheckAlive();
    }

    /// <summary>The executor is about to take memory.</summary>
    /// <param name="bytes">At least this much.</param>
    /// <exception cref="MemoryException">So much is not free.</exception>
    public void RequireMemory(long bytes)
    {
        if (device.FreeBytes is var free && bytes > free)
            throw new MemoryException($"\"{plan.Network}\" on {device.Selector}{WithThreads}", bytes, free);
    }

    private string WithThreads => device.Threads switch
    {
        0 => "",
        1 => " with 1 thread",
        _ => $" with {device.Threads} threads",
    };

    /// <summary>Parameters are about to be set.</summary>
    /// <param name="length">How many.</param>
    public void SetParameters(int length)
    {
        CheckAlive();
        CheckLength("parameters", length);
        _hasParameters = true;
    }

    /// <summary>Parameters are about to be read.</summary>
    /// <param name="length">How many.</param>
    public void GetParameters(int length)
    {
        CheckParameters();
        CheckLength("parameters", length);
    }

    /// <summary>Gradients are about to be read.</summary>
    /// <param name="length">How many.</param>
    public void GetGradients(int length)
    {
        CheckAlive();
        if (!_hasGradients)
        {
            throw new InvalidOperationException(
                "there are no gradients before the first batch; call TrainEpoch or ComputeGradients first");
        }

        CheckLength("gradients", length);
    }

    /// <summary>A pass over samples is about to begin.</summary>
    public TSamples Pass<TSamples>(IDeviceSamples samples) where TSamples : DeviceSamples
    {
        CheckParameters();
        return Own<TSamples>(samples);
    }

    /// <summary>The same, which compares with labels.</summary>
    public TSamples Judge<TSamples>(IDeviceSamples samples) where TSamples : DeviceSamples
    {
        TSamples own = Pass<TSamples>(samples);
        own.Source.CheckLabels();
        return own;
    }

    /// <summary>The same up to one layer.</summary>
    public TSamples Pass<TSamples>(IDeviceSamples samples, int layer) where TSamples : DeviceSamples
    {
        TSamples own = Pass<TSamples>(samples);
        if (layer < 0 || layer >= plan.Layers.Count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(layer), $"there is no layer {layer}; the network has layers 0 to {plan.Layers.Count - 1}");
        }

        return own;
    }

    /// <summary>The same, whose outputs a caller receives.</summary>
    public TSamples Pass<TSamples>(IDeviceSamples samples, int layer, int length) where TSamples : DeviceSamples
    {
        TSamples own = Pass<TSamples>(samples, layer);
        long expected = (long)own.Count * plan.Layers[layer].Outputs;
        if (length != expected)
        {
            throw new ArgumentException(
                $"there is room for {length:N0} activations; {own.Count:N0} samples of {plan.Layers[layer].Outputs} outputs " +
                    $"are {expected:N0}");
        }
        return own;
    }

    /// <summary>The gradients of one output of a layer are about to be given to a caller.</summary>
    public TSamples InputGradients<TSamples>(IDeviceSamples samples, int layer, int output, int length)
        where TSamples : DeviceSamples
    {
        TSamples own = Pass<TSamples>(samples, layer);
        int outputs = plan.Layers[layer].Outputs;
        if (output < 0 || output >= outputs)
        {
            throw new ArgumentOutOfRangeException(
                nameof(output), $"there is no output {output}; layer {layer} has outputs 0 to {outputs - 1}");
        }

        long expected = (long)own.Count * plan.Inputs;
        if (length != expected)
        {
            throw new ArgumentException(
                $"there is room for {length:N0} gradients; {own.Count:N0} samples of {plan.Inputs} inputs are {expected:N0}");
        }
        return own;
    }

    /// <summary>Batches are about to be trained on, each with its learning rate or all with the same.</summary>
    public TSamples Train<TSamples>(IDeviceSamples samples, ReadOnlySpan<float> learningRates, ReadOnlySpan<int> batchOrder)
        where TSamples : DeviceSamples
    {
        TSamples own = Gradients<TSamples>(samples, batchOrder);
        int batches = batchOrder.IsEmpty ? own.BatchCount : batchOrder.Length;
        if (learningRates.Length != 1 && learningRates.Length != batches)
        {
            throw new ArgumentException(
                $"{learningRates.Length} learning rates do not belong to {batches} batches; give one for each, or one for all",
                nameof(learningRates));
        }

        return own;
    }

    /// <summary>Gradients of batches are about to be computed, with or without a step.</summary>
    public TSamples Gradients<TSamples>(IDeviceSamples samples, ReadOnlySpan<int> batchOrder) where TSamples : DeviceSamples
    {
        TSamples own = Judge<TSamples>(samples);
        foreach (int batch in batchOrder)
        {
            if (batch < 0 || batch >= own.BatchCount)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(batchOrder), $"there is no batch {batch}; the samples have batches 0 to {own.BatchCount - 1}");
            }
        }
        _hasGradients = true;
        return own;
    }

    /// <summary>Something is about to read samples again.</summary>
    public TSamples Own<TSamples>(IDeviceSamples samples) where TSamples : DeviceSamples
    {
        CheckAlive();
        if (samples is not TSamples own || own.Owner != this)
            throw new ArgumentException("the samples belong to another executor; upload them to this one", nameof(samples));
        Check(own.IsDisposed, "the samples have been disposed");
        return own;
    }

    /// <exception cref="ObjectDisposedException">It is.</exception>
    public static void Check(bool isDisposed, string message)
    {
        if (isDisposed)
            throw new ObjectDisposedException(null, message);
    }

    private void CheckParameters()
    {
        CheckAlive();
        if (!_hasParameters)
            throw new InvalidOperationException("the executor has no parameters yet; call SetParameters first");
    }

    private void CheckLength(string what, int length)
    {
        if (length != plan.ParameterCount)
        {
            throw new ArgumentException(
                $"{length:N0} {what}; \"{plan.Network}\" with {plan.Inputs} inputs has {plan.ParameterCount:N0}", what);
        }
    }
}

using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// One layer of a plan on the CPU accelerator: forward and backward over a block of samples. Rows of x, y and their
/// gradients are padded as <see cref="NetworkPlan.Padded"/> says, with zeros; rows behind the block's last hold anything
/// finite, and there is room for a multiple of <see cref="NetworkPlan.TileRows"/> of them.
/// </summary>
/// <param name="planned">The layer with its widths and the places of its parameters.</param>
/// <param name="parameters">All parameters in the device layout.</param>
internal abstract unsafe class LayerBody(PlannedLayer planned, float* parameters) : IDisposable
{
    // By role; −1 where the layer has no such tensor. Asked for several times per block, so not looked up each time.
    private readonly int[] _offsets =
        [.. Enum.GetValues<ParameterRole>().Select(role => planned.Find(role)?.DeviceOffset ?? -1)];

    // An array, which is gone through without an enumerator on the heap.
    private readonly ParameterTensor[] _tensors = [.. planned.Tensors];

    protected PlannedLayer Planned { get; } = planned;

    /// <summary>Where a tensor of this layer begins in the buffer of all parameters; null where it has none.</summary>
    protected float* Parameter(ParameterRole role) => At(parameters, role);

    /// <summary>Where a tensor of this layer begins in a buffer with the parameters' layout; null where it has none.</summary>
    protected float* At(float* buffer, ParameterRole role) => _offsets[(int)role] < 0 ? null : buffer + _offsets[(int)role];

    /// <summary>
    /// Recomputes what is derived from the parameters; called before a pass and after each step, by all workers.
    /// </summary>
    /// <param name="samples">The samples of the pass.</param>
    /// <param name="part">Which part of the work is this worker's.</param>
    /// <param name="parts">Number of parts.</param>
    public virtual void Prepare(BlockedSamples samples, int part, int parts) { }

    /// <summary>Computes y from x.</summary>
    public abstract void Forward(in Block block, float* x, float* y);

    /// <summary>Computes what is y but for the root of OffsetL2, whose columns of padding it leaves alone.</summary>
    public virtual void ForwardSums(in Block block, float* x, float* y) => Forward(block, x, y);

    /// <summary>
    /// Sets this layer's gradients to zero, but for those that <see cref="Backward"/> sets with the first block.
    /// </summary>
    /// <returns>How many have been set.</returns>
    public virtual int ClearGradients(BlockedSamples samples, float* gradients)
    {
        int count = 0;
        foreach (ParameterTensor tensor in _tensors)
        {
            new Span<float>(gradients + tensor.DeviceOffset, tensor.DeviceCount).Clear();
            count += tensor.DeviceCount;
        }
        return count;
    }

    /// <summary>
    /// Adds to the gradients and, unless nobody wants that of the input (dx null), computes dx, which may lie in the memory of x.
    /// May overwrite dy.
    /// </summary>
    public abstract void Backward(in Block block, float* x, float* y, float* dy, float* dx, float* gradients);

    /// <summary>Turns the sums of <see cref="Backward"/> over several blocks into gradients.</summary>
    public virtual void FinishGradients(BlockedSamples samples, float* gradients) { }

    public virtual void Dispose() { }
}

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// What portions of samples sum, each by itself: gradients, loss, right predictions. Workers take portions as they come, and
/// since sums are added in the order of the portions, the result does not depend on who computed what.
/// </summary>
internal sealed unsafe class Portions : IDisposable
{
    /// <summary>The most portions.</summary>
    public const int Most = 32;

    private readonly double[] _losses = new double[Most];
    private readonly int[] _correct = new int[Most];
    private AlignedBuffer<float>? _gradients;
    private int _next;

    /// <summary>The gradients of all portions: [portions, <see cref="Stride"/>]</summary>
    public float* Gradients => _gradients!.Pointer;

    /// <summary>Floats from one portion's gradients to the next.</summary>
    public nint Stride { get; private set; }

    /// <summary>Takes memory for gradients, unless there is enough.</summary>
    /// <param name="portions">Number of portions.</param>
    /// <param name="stride">Floats of a portion's gradients.</param>
    public void Require(int portions, int stride)
    {
        Stride = stride;
        AlignedBuffer<float>.Grow(ref _gradients, (nuint)portions * (nuint)stride);
    }

    /// <summary>The next portion that nobody has taken; behind the last one there are more.</summary>
    public int Take() => Interlocked.Increment(ref _next) - 1;

    /// <summary>Begins with the first portion again; nobody may be taking any.</summary>
    public void Restart() => _next = 0;

    /// <summary>A portion's loss.</summary>
    public ref double LossOf(int portion) => ref _losses[portion];

    /// <summary>A portion's right predictions.</summary>
    public ref int CorrectOf(int portion) => ref _correct[portion];

    public void Dispose() => _gradients?.Dispose();
}

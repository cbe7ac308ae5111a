namespace IlgpuDistance.Gpu.Executors;

/// <summary>Samples on a device, and which executor they belong to.</summary>
/// <param name="owner">The executor that took them to the device.</param>
/// <param name="source">The samples as they were given.</param>
/// <param name="batchSize">Samples per batch; more than there are means all.</param>
internal abstract class DeviceSamples(ExecutorContract owner, Samples source, int batchSize) : IDeviceSamples
{
    /// <summary>The executor that took them to the device.</summary>
    public ExecutorContract Owner => owner;

    /// <summary>The samples as they were given.</summary>
    public Samples Source => source;

    public int Count => Source.Count;

    public int BatchSize { get; } = Math.Min(batchSize, source.Count);

    public int BatchCount => (int)(((long)Count + BatchSize - 1) / BatchSize);

    /// <summary>Whether their memory is freed.</summary>
    public bool IsDisposed { get; private set; }

    public void Dispose()
    {
        if (IsDisposed)
            return;
        IsDisposed = true;
        Free();
    }

    /// <summary>Frees their memory; called once.</summary>
    protected abstract void Free();
}

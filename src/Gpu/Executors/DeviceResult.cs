namespace IlgpuDistance.Gpu.Executors;

/// <summary>
/// What an executor computed of samples and left on the device; of use as long as the executor, the samples and itself.
/// </summary>
/// <param name="samples">The samples.</param>
/// <param name="what">What it is, for messages.</param>
internal abstract class DeviceResult(DeviceSamples samples, string what) : IDisposable
{
    private bool _isDisposed;

    public int Count => samples.Count;

    /// <exception cref="ObjectDisposedException">It, its samples, its executor or the device has been disposed.</exception>
    public void CheckAlive()
    {
        ExecutorContract.Check(_isDisposed, $"the {what} have been disposed");
        samples.Owner.Own<DeviceSamples>(samples);
    }

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        Free();
    }

    /// <summary>Frees its memory; called once.</summary>
    protected abstract void Free();
}

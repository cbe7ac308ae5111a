using System.Diagnostics;
using ILGPU.Runtime;
using IlgpuDistance.Gpu.Kernels;
using Kernel = IlgpuDistance.Gpu.Kernels.Kernel;

namespace IlgpuDistance.Gpu.Profiling;

/// <summary>
/// Times every launch of a queue. Where the device has events (profiling markers), one is put before and one behind each
/// launch: CUDA takes their times while the launches go on as ever; OpenCL, as ILGPU drives it, waits at each. Elsewhere the
/// host's clock is read around each launch, for which it waits. Where the device waits for the host (always, but for CUDA
/// with much to do), the time of a launch includes what it takes to begin it.
/// </summary>
internal sealed class LaunchRecorder : WorkRecorder, ILaunchObserver
{
    private readonly KernelQueue _queue;
    private readonly AcceleratorStream _stream;
    private readonly bool _hasMarkers;
    private readonly List<Launch> _launches = [];
    private WorkLog? _log;
    private ProfilingMarker? _origin, _before;

    // In seconds of the log: of the last launch or, with markers, of the first marker.
    private double _start;

    /// <param name="queue">What is observed between <see cref="Start"/> and <see cref="Stop"/>.</param>
    public LaunchRecorder(KernelQueue queue)
    {
        _queue = queue;
        _stream = queue.Accelerator.DefaultStream;
        _hasMarkers = HasMarkers(queue.Accelerator);
    }

    public override string Timer => _queue.Accelerator.AcceleratorType switch
    {
        AcceleratorType.Cuda when _hasMarkers => "events of the CUDA stream around each launch",
        AcceleratorType.OpenCL when _hasMarkers =>
            "markers of the OpenCL queue around each launch, each of which waits for the device",
        _ => "the host's clock around each launch, which is waited for",
    };

    public override int Threads => 1;

    public override void Start(WorkLog log)
    {
        _log = log;
        _stream.Synchronize();
        _origin = _hasMarkers ? _stream.AddProfilingMarker() : null;
        _start = log.At(Stopwatch.GetTimestamp());
        _queue.Observer = this;
    }

    public override void Stop()
    {
        _queue.Observer = null;
        _stream.Synchronize();
        foreach (Launch launch in _launches)
        {
            double start = _start + launch.Before!.MeasureFrom(_origin!).TotalSeconds;
            Add(launch.Kernel, launch.Shape, start, launch.After.MeasureFrom(launch.Before).TotalSeconds);
            launch.Before.Dispose();
            launch.After.Dispose();
        }
        _launches.Clear();
        _origin?.Dispose();
        _origin = null;
    }

    void ILaunchObserver.BeforeLaunch()
    {
        if (_hasMarkers)
        {
            _before = _stream.AddProfilingMarker();
            return;
        }
        _stream.Synchronize();
        _start = _log!.At(Stopwatch.GetTimestamp());
    }

    void ILaunchObserver.AfterLaunch(Kernel kernel, in WorkShape shape)
    {
        if (_hasMarkers)
        {
            _launches.Add(new Launch(kernel, shape, _before!, _stream.AddProfilingMarker()));
            return;
        }
        _stream.Synchronize();
        Add(kernel, shape, _start, _log!.At(Stopwatch.GetTimestamp()) - _start);
    }

    private void Add(Kernel kernel, in WorkShape shape, double start, double seconds) => _log!.Add(new WorkSpan(
        kernel.Name, $"N={shape.N} I={shape.I} O={shape.O} S={shape.S} V={shape.V}", Thread: 0, start, seconds,
        kernel.Flop.Value(shape), kernel.Bytes.Value(shape)));

    /// <summary>
    /// The CPU accelerator has markers, too, but its launches are over when they return, and a clock is simpler.
    /// </summary>
    private static bool HasMarkers(Accelerator accelerator)
    {
        if (accelerator.AcceleratorType == AcceleratorType.CPU)
            return false;
        try
        {
            using ProfilingMarker first = accelerator.DefaultStream.AddProfilingMarker(),
                second = accelerator.DefaultStream.AddProfilingMarker();
            return second.MeasureFrom(first) >= TimeSpan.Zero;
        }
        catch (Exception error) when (error is NotSupportedException or AcceleratorException)
        {
            // Not every driver has them, and a device can be opened without; the clock is always there.
            return false;
        }
    }

    private sealed record Launch(Kernel Kernel, WorkShape Shape, ProfilingMarker Before, ProfilingMarker After);
}

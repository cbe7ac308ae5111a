using System.Numerics;
using ILGPU;
using ILGPU.Runtime.CPU;

namespace IlgpuDistance.Gpu.Devices;

/// <summary>
/// ILGPU's CPU accelerators of several sizes, each made when it is first asked for. One group runs at a time, each of its
/// work-items on an operating-system thread of its own, so that work-items may wait for each other. A launch wakes all threads of
/// an accelerator, so a larger one than needed is slower.
/// </summary>
/// <param name="context">Where kernels are compiled.</param>
internal sealed class CpuAccelerators(Context context) : IDisposable
{
    /// <summary>The smallest that ILGPU allows; a launch wakes whole warps, so the smallest is the cheapest.</summary>
    public const int ThreadsPerWarp = 2;

    private readonly Dictionary<int, CPUAccelerator> _byLargestGroup = [];

    /// <summary>The smallest accelerator for groups of a size.</summary>
    /// <param name="groupSize">Work-items, 1 to <see cref="CpuDevices.MostThreads"/>.</param>
    public CPUAccelerator For(int groupSize)
    {
        int warps = (groupSize + ThreadsPerWarp - 1) / ThreadsPerWarp;
        int largestGroup = ThreadsPerWarp * (int)BitOperations.RoundUpToPowerOf2((uint)warps);
        // One executor may be prepared while another is made.
        lock (_byLargestGroup)
        {
            if (!_byLargestGroup.TryGetValue(largestGroup, out CPUAccelerator? accelerator))
                _byLargestGroup.Add(largestGroup, accelerator = Create(largestGroup));
            return accelerator;
        }
    }

    /// <summary>
    /// The mode is explicit because the sequential one would never finish where work-items wait for each other.
    /// </summary>
    private CPUAccelerator Create(int largestGroup) =>
        new CPUDevice(ThreadsPerWarp, largestGroup / ThreadsPerWarp, 1)
            .CreateCPUAccelerator(context, CPUAcceleratorMode.Parallel);

    public void Dispose()
    {
        foreach (CPUAccelerator accelerator in _byLargestGroup.Values)
            accelerator.Dispose();
    }
}

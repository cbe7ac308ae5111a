using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Kernels;

namespace IlgpuDistance.Checks.Races;

/// <summary>
/// What runs inside Oclgrind. Before the simulator's reports on each launch a line on standard error names the kernel.
/// </summary>
internal sealed class OclgrindSimulation() : Simulation(Open())
{
    private bool _isNewPass;

    /// <inheritdoc/>
    protected override void BeginPass() => _isNewPass = true;

    /// <inheritdoc/>
    public override void BeforeLaunch()
    {
        if (_isNewPass)
            RewriteBuffers();
        _isNewPass = false;
    }

    /// <summary>Names what was launched and waits for the simulator, which begins only now.</summary>
    public override void Finish(string name, in WorkShape shape)
    {
        Console.Error.WriteLine(new SimulatedLaunch(name, shape));
        Accelerator.Synchronize();
    }

    /// <summary>
    /// Writes to each buffer what is in it, as a whole. Oclgrind 21.10 takes no more of a buffer for initialised than its last
    /// write from the host (Uninitialized::hostMemoryStore), and a buffer that is filled with zeros is written byte by byte. One
    /// that the host has not written at all is uninitialised to it, whatever kernels wrote.
    /// </summary>
    private void RewriteBuffers()
    {
        var buffers = new List<MemoryBuffer>();
        typeof(Accelerator).GetMethod("ForEachChildObject", BindingFlags.Instance | BindingFlags.NonPublic)!
            .MakeGenericMethod(typeof(MemoryBuffer)).Invoke(Accelerator, [(Action<MemoryBuffer>)buffers.Add]);
        foreach (ArrayView<byte> bytes in buffers.Where(buffer => !buffer.IsDisposed).Select(buffer => buffer.AsRawArrayView()))
            bytes.CopyFromCPU(bytes.GetAsArray());
    }

    /// <summary>Oclgrind has but one device, and hides all others.</summary>
    private static ComputeDevice Open()
    {
        ComputeDevice device = ComputeDevice.Open("opencl:0", forceOpenCl: true);
        if (device.Info.Driver?.Contains("Oclgrind", StringComparison.Ordinal) == true)
            return device;
        string name = device.Name;
        device.Dispose();
        throw new InputException($"the OpenCL device is {name}, not Oclgrind's; this runs inside oclgrind only");
    }
}

using IlgpuDistance.Checks.Races;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Kernels;

namespace IlgpuDistance.Checks.Cuda;

/// <summary>
/// Runs cases on the emulated CUDA device. What it finds ends the launch with an exception whose message is the finding.
/// </summary>
internal sealed class EmulatedSimulation() : Simulation(Open())
{
    private const string Name = "CUDA emulated on the CPU";

    private readonly List<SimulatedLaunch> _launches = [];

    /// <summary>All launches, in order.</summary>
    public IReadOnlyList<SimulatedLaunch> Launches => _launches;

    /// <inheritdoc/>
    public override void Finish(string name, in WorkShape shape) => _launches.Add(new SimulatedLaunch(name, shape));

    /// <summary>A real device would find nothing, and not say so.</summary>
    private static ComputeDevice Open()
    {
        ComputeDevice device = ComputeDevice.Open("cuda:0");
        if (device.Name == Name)
            return device;
        string found = device.Name;
        device.Dispose();
        throw new InputException(
            $"the CUDA device is {found}, not the emulated one; scripts/check-cuda sets LD_LIBRARY_PATH for it");
    }
}

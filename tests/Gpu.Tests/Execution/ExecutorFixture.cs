using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Execution;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Tests.Execution;

/// <summary>The devices that a class of tests runs on, opened once per class: an executor is named as in <see cref="All"/>.</summary>
public sealed class ExecutorFixture : IDisposable
{
    public static readonly string[] Names = ["simd", "kernels"];

    public static TheoryData<string> All => [.. Names];

    private readonly Dictionary<string, ComputeDevice> _devices = [];

    public IExecutor Create(string executor, NetworkPlan plan)
    {
        if (!_devices.TryGetValue(executor, out ComputeDevice? device))
        {
            device = executor switch
            {
                "simd" => ComputeDevice.Open("cpu", threads: 2, ExecutorKind.Simd),
                "kernels" => ComputeDevice.Open("cpu", threads: 2, ExecutorKind.Kernels),
                _ => throw new ArgumentOutOfRangeException(nameof(executor)),
            };
            _devices.Add(executor, device);
        }
        return device.CreateExecutor(plan);
    }

    public void Dispose()
    {
        foreach (ComputeDevice device in _devices.Values)
            device.Dispose();
    }
}

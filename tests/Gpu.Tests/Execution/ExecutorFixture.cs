using System.Collections.Concurrent;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Execution;
using IlgpuDistance.Gpu.Networks;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace IlgpuDistance.Gpu.Tests.Execution;

/// <summary>
/// The devices that a class of tests runs on, opened once per class. An executor is named as in <see cref="Names"/>: SIMD and
/// kernels on the CPU accelerator, kernels on the first OpenCL device (by force where it lacks the generic address space) and
/// on the first CUDA device. A test on a device that is not there is skipped, and the reason says what was found instead.
/// </summary>
public sealed class ExecutorFixture(IMessageSink messages) : IDisposable
{
    /// <summary>Set to 1 where OpenCL must be there, as in CI: its tests then fail instead of being skipped.</summary>
    private const string RequireOpenCl = "ILGPU_DISTANCE_REQUIRE_OPENCL";

    /// <summary>All executors; the first is the one that needs no kernels.</summary>
    public static readonly string[] Names = ["simd", "kernels", "opencl", "cuda"];

    private static readonly ConcurrentDictionary<string, bool> Announced = [];

    private readonly Dictionary<string, ComputeDevice> _devices = [];

    /// <summary>One case per executor.</summary>
    public static TheoryData<string> All => [.. Names];

    /// <summary>One case per executor that runs kernels.</summary>
    public static TheoryData<string> Kernels => [.. Names.Skip(1)];

    /// <summary>One case per executor and value.</summary>
    public static TheoryData<string, string> AllWith(params IEnumerable<string> values)
    {
        var cases = new TheoryData<string, string>();
        foreach (string executor in Names)
        {
            foreach (string value in values)
                cases.Add(executor, value);
        }
        return cases;
    }

    /// <summary>Makes an executor on a device that this fixture holds, or skips the test.</summary>
    public IExecutor Create(string executor, NetworkPlan plan) => Device(executor).CreateExecutor(plan);

    /// <summary>The device of an executor, held by this fixture; skips the test where there is none.</summary>
    public ComputeDevice Device(string executor)
    {
        if (!_devices.TryGetValue(executor, out ComputeDevice? device))
        {
            try
            {
                device = Open(executor);
            }
            catch (Xunit.SkipException skip)
            {
                Announce(executor, $"are skipped: {skip.Message}");
                throw;
            }
            _devices.Add(executor, device);
            Announce(executor, $"run on {device.Selector}, {device.Name} ({device.Info.Driver}){(device.Info.IsForced ? ", by force" : "")}");
        }
        return device;
    }

    /// <summary>Says once per process where the tests of an executor run: no passed test shows its output.</summary>
    private void Announce(string executor, string where)
    {
        if (Announced.TryAdd(executor, true))
            messages.OnMessage(new DiagnosticMessage($"tests on \"{executor}\" {where}"));
    }

    /// <summary>Opens a device that the caller disposes; skips the test where there is none.</summary>
    public static ComputeDevice Open(string executor, int threads = 2, bool profiling = false) => executor switch
    {
        "simd" => ComputeDevice.Open("cpu", threads, ExecutorKind.Simd),
        "kernels" => ComputeDevice.Open("cpu", threads, ExecutorKind.Kernels),
        _ => ComputeDevice.Open(FirstOf(executor).Selector, forceOpenCl: true, profiling: profiling),
    };

    public void Dispose()
    {
        foreach (ComputeDevice device in _devices.Values)
            device.Dispose();
    }

    private static DeviceInfo FirstOf(string selector)
    {
        IReadOnlyList<DeviceInfo> devices = DeviceCatalog.List(forceOpenCl: true);
        if (devices.FirstOrDefault(device => device.IsUsable && device.Selector.StartsWith(selector + ':', StringComparison.Ordinal)) is { } first)
            return first;
        string reason = Assert.Throws<InputException>(() => DeviceCatalog.Choose(selector, devices)).Message;
        if (selector == "opencl" && Environment.GetEnvironmentVariable(RequireOpenCl) == "1")
            Assert.Fail($"{RequireOpenCl} is 1, but {reason}");
        throw new Xunit.SkipException(reason);
    }
}

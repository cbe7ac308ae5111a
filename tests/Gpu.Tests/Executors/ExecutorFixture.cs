using System.Collections.Concurrent;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace IlgpuDistance.Gpu.Tests.Executors;

/// <summary>
/// The devices that a class of tests runs on, lent from class to class: each has compiled what was launched on it, which takes a
/// driver seconds. An executor is named as in <see cref="Names"/>: SIMD and
/// kernels on the CPU accelerator, kernels on the first OpenCL device and
/// on the first CUDA device. Of a device that is not there the theories have no cases: one test for each driver
/// (<see cref="DriverTests"/>) is skipped in their place, and says what was found instead.
/// </summary>
public sealed class ExecutorFixture(IMessageSink messages) : IDisposable
{
    /// <summary>Set to 1 where OpenCL must be there, as in CI: its tests then fail instead of being skipped.</summary>
    private const string RequireOpenCl = "ILGPU_DISTANCE_REQUIRE_OPENCL";

    private static readonly Lazy<IReadOnlyList<DeviceInfo>> Listed = new(() => DeviceCatalog.List());

    private static readonly ConcurrentDictionary<string, bool> Announced = [];

    /// <summary>Devices that no class holds now. They stay open until the process ends.</summary>
    private static readonly ConcurrentDictionary<string, ConcurrentBag<ComputeDevice>> Idle = [];

    /// <summary>The executors that need a driver.</summary>
    public static readonly string[] Drivers = ["opencl", "cuda"];

    /// <summary>All executors that are here; the first is the one that needs no kernels.</summary>
    public static readonly string[] Names = ["simd", "kernels", .. Drivers.Where(IsHere)];

    private readonly Dictionary<string, ComputeDevice> _devices = [];

    /// <summary>One case per executor.</summary>
    public static TheoryData<string> All => [.. Names];

    /// <summary>One case per executor that runs kernels.</summary>
    public static TheoryData<string> Kernels => [.. Names.Skip(1)];

    /// <summary>
    /// The drivers that are here or, where there is none, the first: a theory must have a case, which is then skipped with the
    /// reason.
    /// </summary>
    public static string[] DriversOrFirst => Names.Intersect(Drivers).DefaultIfEmpty(Drivers[0]).ToArray();

    /// <summary>One case per executor of <see cref="DriversOrFirst"/>.</summary>
    public static TheoryData<string> OnDrivers => [.. DriversOrFirst];

    /// <summary>Whether a usable device is there for one of <see cref="Drivers"/>.</summary>
    public static bool IsHere(string driver) => FindFirst(driver) is not null;

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
    public IExecutor Create(string executor, NetworkPlan plan) => Factory(executor, Device(executor)).Create(plan);

    /// <summary>The device of an executor, held by this fixture; skips the test where there is none.</summary>
    public ComputeDevice Device(string executor)
    {
        if (!_devices.TryGetValue(executor, out ComputeDevice? device))
        {
            _devices.Add(executor, device = IdleFor(executor).TryTake(out ComputeDevice? idle) ? idle : Open(executor));
            Announce(executor, device);
        }
        return device;
    }

    /// <summary>Says once per process where the tests of an executor run: no passed test shows its output.</summary>
    private void Announce(string executor, ComputeDevice device)
    {
        if (Announced.TryAdd(executor, true))
        {
            messages.OnMessage(new DiagnosticMessage(
                $"tests on \"{executor}\" run on {device.Selector}, {device.Name} ({device.Info.Driver})"));
        }
    }

    /// <summary>Opens a device that the caller disposes; skips the test where there is none.</summary>
    public static ComputeDevice Open(string executor, int threads = 2, bool profiling = false) => executor switch
    {
        "simd" or "kernels" => ComputeDevice.Open("cpu", threads),
        _ => ComputeDevice.Open(FirstOf(executor).Selector, profiling: profiling),
    };

    /// <summary>Makes the executors of this name on an opened device.</summary>
    public static ExecutorFactory Factory(string executor, ComputeDevice device) =>
        new(device, executor == "simd" ? ExecutorKind.Simd : ExecutorKind.Kernels);

    public void Dispose()
    {
        foreach (var (executor, device) in _devices)
            IdleFor(executor).Add(device);
    }

    private static ConcurrentBag<ComputeDevice> IdleFor(string executor) => Idle.GetOrAdd(executor, _ => []);

    private static DeviceInfo? FindFirst(string driver) =>
        Listed.Value.FirstOrDefault(device =>
            device.IsUsable && device.Selector.StartsWith(driver + ':', StringComparison.Ordinal));

    private static DeviceInfo FirstOf(string selector)
    {
        if (FindFirst(selector) is { } first)
            return first;
        string reason = Assert.Throws<InputException>(() => DeviceCatalog.Choose(selector, Listed.Value)).Message;
        if (selector == "opencl" && Environment.GetEnvironmentVariable(RequireOpenCl) == "1")
            Assert.Fail($"{RequireOpenCl} is 1, but {reason}");
        throw new Xunit.SkipException(reason);
    }
}

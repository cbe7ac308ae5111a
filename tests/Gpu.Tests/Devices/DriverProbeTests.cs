using System.Diagnostics;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Gpu.Tests.Devices;

public sealed class DriverProbeTests
{
    private static IReadOnlyList<DeviceInfo> Ask(string script, TimeSpan? limit = null)
    {
        Skip.If(OperatingSystem.IsWindows(), "a POSIX shell stands for the child process");
        var child = new ProcessStartInfo("sh", ["-c", script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return DriverProbe.Ask(DeviceKind.OpenCL, child, limit ?? HangLimit.Value);
    }

    [SkippableTheory]
    [InlineData("kill -ILL $$", "crashed the process that asked it for its devices (SIGILL, exit code 132); ")]
    [InlineData("kill -SEGV $$", "crashed the process that asked it for its devices (SIGSEGV, exit code 139); ")]
    [InlineData("echo '[1'; echo a >&2; exit 3", "crashed the process that asked it for its devices (exit code 3); ")]
    public void A_driver_that_ends_its_process_becomes_an_entry_that_says_how(string script, string reason)
    {
        DeviceInfo entry = Assert.Single(Ask(script));
        Assert.Equal(("opencl", "an OpenCL driver", $"{reason}repair or remove it"), (entry.Selector, entry.Name, entry.Refusal));
        Assert.True(entry.IsBroken);
        Assert.False(entry.IsUsable);
    }

    [SkippableFact]
    public void A_driver_that_hangs_is_given_up_after_the_limit()
    {
        DeviceInfo entry = Assert.Single(Ask("exec sleep 600", TimeSpan.FromSeconds(0.1)));
        Assert.Equal("did not answer within 0.1 s when it was asked for its devices; repair or remove it", entry.Refusal);
        Assert.True(entry.IsBroken);
    }

    [SkippableFact]
    public void What_a_driver_prints_is_not_taken_for_its_devices_and_its_end_is_not_waited_for()
    {
        const string Device = "{\"Selector\":\"opencl:0\",\"Kind\":2,\"Name\":\"Graphics\",\"MemoryBytes\":4096,\"IsGpu\":true}";
        DeviceInfo found = Assert.Single(Ask($"echo '[warning] old firmware'; echo hello >&2; echo '[{Device}]'; cat; exit 1"));
        Assert.Equal(
            new DeviceInfo
            {
                Selector = "opencl:0",
                Kind = DeviceKind.OpenCL,
                Name = "Graphics",
                MemoryBytes = 4096,
                IsGpu = true
            },
            found);
        Assert.True(found.IsUsable);
    }

    [Fact]
    public void A_process_without_the_argument_of_a_child_goes_on() =>
        Assert.False(DriverProbe.Serve(["train", "--epochs", "3"]));
}

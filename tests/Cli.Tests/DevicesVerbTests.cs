using System.Text.Json;

namespace IlgpuDistance.Cli.Tests;

public sealed class DevicesVerbTests
{
    [Fact]
    public void The_table_lists_the_CPU_and_says_what_auto_takes()
    {
        var (exitCode, output, error) = CliProcess.Run("devices");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains(output.Split('\n'), line => line.TrimStart().StartsWith("cpu ", StringComparison.Ordinal));
        Assert.Matches("\"auto\" takes [a-z]+(:[0-9]+)?\\.", output);
    }

    [Fact]
    public void Into_a_pipe_no_escape_sequences_are_written() => Assert.DoesNotContain('\e', CliProcess.Run("devices").Output);

    [Fact]
    public void The_JSON_is_all_that_standard_output_carries()
    {
        var (exitCode, output, error) = CliProcess.Run("devices", "--json");
        Assert.Equal((0, ""), (exitCode, error));
        JsonElement root = JsonDocument.Parse(output).RootElement;
        JsonElement[] devices = [.. root.GetProperty("devices").EnumerateArray()];
        Assert.Contains(devices, device => device.GetProperty("selector").GetString() == root.GetProperty("auto").GetString());

        JsonElement cpu = devices[0];
        Assert.Equal("cpu", cpu.GetProperty("selector").GetString());
        Assert.Equal("cpu", cpu.GetProperty("kind").GetString());
        Assert.True(cpu.GetProperty("isUsable").GetBoolean());
        Assert.Equal(JsonValueKind.Null, cpu.GetProperty("refusal").ValueKind);
        Assert.Equal(
            [
                "selector", "kind", "name", "vendor", "driver", "pciAddress", "memoryBytes", "computeUnits", "largestGroup",
                "warpSize", "sharedMemoryBytesPerGroup", "isGpu", "sharesHostMemory", "isForced", "isUsable", "refusal", "remark",
            ],
            cpu.EnumerateObject().Select(field => field.Name));
    }

    [Fact]
    public void An_unknown_option_is_one_line_on_standard_error()
    {
        var (exitCode, output, error) = CliCall.Run("devices", "--jsno");
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Equal("error: --jsno: devices has no such option; did you mean --json? See ilgpu-distance devices --help",
            error.Trim());
    }
}

using System.Globalization;
using System.Text.Json;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

/// <summary>The program on the first OpenCL device, by force where it lacks the generic address space.</summary>
public sealed class OpenClTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// The first usable OpenCL device of <c>devices --json --force-opencl</c>; skips the test where there is none.
    /// </summary>
    private static JsonElement FirstDevice()
    {
        CliResult list = CliCall.Run("devices", "--json", "--force-opencl");
        JsonElement device = JsonDocument.Parse(list.Output).RootElement.GetProperty("devices").EnumerateArray()
            .FirstOrDefault(device => device.GetProperty("kind").GetString() == "opencl"
                && device.GetProperty("isUsable").GetBoolean());
        if (device.ValueKind == JsonValueKind.Undefined
            && Environment.GetEnvironmentVariable("ILGPU_DISTANCE_REQUIRE_OPENCL") == "1")
        {
            Assert.Fail("ILGPU_DISTANCE_REQUIRE_OPENCL is 1, but there is no usable OpenCL device");
        }

        Skip.If(device.ValueKind == JsonValueKind.Undefined, "there is no usable OpenCL device");
        return device;
    }

    private static string SelectorOf(JsonElement device) => device.GetProperty("selector").GetString()!;

    private CliResult Train(string name, params string[] device) => CliCall.Run(
    [
        "train", "--dataset", "digits", "--model", "linear(33) > abs > offset-l2(10) > neg", "--batch-size", "250", "--epochs",
        "30",
        "--quiet", "--out", _folder[name], .. device,
    ]);

    /// <summary>A column of metrics.csv from the untrained network on.</summary>
    private double[] Metrics(string name, int column) =>
        [.. File.ReadLines(Path.Combine(_folder[name], "metrics.csv")).Skip(1)
            .Select(line => double.Parse(line.Split(',')[column], CultureInfo.InvariantCulture))];

    [SkippableFact]
    public void Training_on_OpenCL_goes_as_on_the_CPU()
    {
        string selector = SelectorOf(FirstDevice());
        CliResult onOpenCl = Train("opencl", "--device", selector, "--force-opencl"), onCpu = Train("cpu", "--device", "cpu");
        Assert.Equal((0, 0), (onOpenCl.ExitCode, onCpu.ExitCode));

        double[] losses = Metrics("opencl", column: 1), expected = Metrics("cpu", column: 1);
        Assert.Equal(31, losses.Length);
        Assert.All(losses.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-4 * pair.Second));
        // One of the 355 test images may lie so close to two classes that rounding decides.
        Assert.Equal(Metrics("cpu", column: 3)[^1], Metrics("opencl", column: 3)[^1], 0.3);

        JsonElement run = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder["opencl"], "run.json"))).RootElement;
        Assert.True(run.GetProperty("device").GetProperty("isForced").GetBoolean());
        Assert.Equal(selector, run.GetProperty("device").GetProperty("selector").GetString());
        Assert.Equal("kernels", run.GetProperty("device").GetProperty("executor").GetString());
    }

    [SkippableFact]
    public void A_device_that_takes_force_is_refused_without_in_one_line_that_names_the_option()
    {
        JsonElement device = FirstDevice();
        Skip.IfNot(device.GetProperty("isForced").GetBoolean(), "the OpenCL device has all that ILGPU asks for");
        CliResult refused = CliCall.Run("train", "--dataset", "digits", "--device", SelectorOf(device));
        Assert.Equal((2, ""), (refused.ExitCode, refused.Output));
        string line = Assert.Single(refused.Error.TrimEnd().Split('\n'));
        Assert.StartsWith($"error: device \"{SelectorOf(device)}\": {device.GetProperty("name")} ", line,
            StringComparison.Ordinal);
        Assert.Contains("(with --force-opencl it is used nevertheless, at your own risk)", line, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_list_of_devices_says_which_option_would_use_a_device_that_is_refused_and_what_it_gives()
    {
        JsonElement device = FirstDevice();
        Skip.IfNot(device.GetProperty("isForced").GetBoolean(), "the OpenCL device has all that ILGPU asks for");
        string name = $"{SelectorOf(device)} cannot be used: {device.GetProperty("name")} ";
        Assert.Contains(
            CliCall.Run("devices").Output.Split('\n'),
            line => line.StartsWith(name, StringComparison.Ordinal)
                && line.Contains("(with --force-opencl ", StringComparison.Ordinal));

        string forced = CliCall.Run("devices", "--force-opencl").Output;
        Assert.Contains(" forced ", forced, StringComparison.Ordinal);
        Assert.Contains("; it is used by force.", forced, StringComparison.Ordinal);
        Assert.DoesNotContain(name, forced, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_driver_that_does_not_compile_the_kernels_is_one_line_that_names_the_device()
    {
        JsonElement device = FirstDevice();
        Skip.IfNot(
            device.GetProperty("vendor").GetString()?.Contains("pocl", StringComparison.OrdinalIgnoreCase) == true,
            "only PoCL takes compiler options from the environment");
        CliResult result = CliProcess.Run(
            ["train", "--dataset", "digits", "--device", SelectorOf(device), "--force-opencl"],
            new Dictionary<string, string?> { ["POCL_EXTRA_BUILD_FLAGS"] = "-Dgoto=unknown", ["POCL_CACHE_DIR"] = _folder.Path });
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        // PoCL's compiler writes to standard error, too.
        Assert.StartsWith(
            $"error: device \"{SelectorOf(device)}\" ({device.GetProperty("name")}): its driver could not make the kernels " +
                $"ready (CL_BUILD_PROGRAM_FAILURE); ",
            result.Error.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }
}

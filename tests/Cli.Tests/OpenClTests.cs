using System.Globalization;
using System.Text.Json;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

/// <summary>The program on the first OpenCL device, and on Oclgrind's, which offers OpenCL 1.2 alone.</summary>
public sealed class OpenClTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The first usable OpenCL device of <c>devices --json</c>; skips the test where there is none.</summary>
    private static JsonElement FirstDevice()
    {
        CliResult list = CliCall.Run("devices", "--json");
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
        CliResult onOpenCl = Train("opencl", "--device", selector), onCpu = Train("cpu", "--device", "cpu");
        Assert.Equal((0, 0), (onOpenCl.ExitCode, onCpu.ExitCode));

        double[] losses = Metrics("opencl", column: 1), expected = Metrics("cpu", column: 1);
        Assert.Equal(31, losses.Length);
        Assert.All(losses.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-4 * pair.Second));
        // One of the 355 test images may lie so close to two classes that rounding decides.
        Assert.Equal(Metrics("cpu", column: 3)[^1], Metrics("opencl", column: 3)[^1], 0.3);

        JsonElement run = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder["opencl"], "run.json"))).RootElement;
        Assert.False(run.GetProperty("device").GetProperty("isForced").GetBoolean());
        Assert.Equal(selector, run.GetProperty("device").GetProperty("selector").GetString());
        Assert.Equal("kernels", run.GetProperty("device").GetProperty("executor").GetString());
    }

    [SkippableFact]
    public void A_device_that_takes_force_is_refused_without_in_one_line_that_names_the_option()
    {
        CliResult refused = RunOnOclgrind("train", "--dataset", "digits", "--device", "opencl:0");
        Assert.Equal((2, ""), (refused.ExitCode, refused.Output));
        Assert.StartsWith(
            "error: device \"opencl:0\": Oclgrind Simulator offers OpenCL 1.2, ILGPU needs 2.0 (with --force-opencl it is used " +
                "nevertheless, at your own risk)",
            Assert.Single(refused.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_list_of_devices_says_which_option_would_use_a_device_that_is_refused_and_what_it_gives()
    {
        const string Refused = "opencl:0 cannot be used: Oclgrind Simulator ";
        Assert.Contains(RunOnOclgrind("devices").Output.Split('\n'), line => line.StartsWith(Refused, StringComparison.Ordinal)
            && line.Contains("(with --force-opencl ", StringComparison.Ordinal));

        string forced = RunOnOclgrind("devices", "--force-opencl").Output;
        Assert.Contains(" forced ", forced, StringComparison.Ordinal);
        Assert.Contains("; it is used by force.", forced, StringComparison.Ordinal);
        Assert.DoesNotContain(Refused, forced, StringComparison.Ordinal);
    }

    /// <summary>Oclgrind's simulated device in place of all others; skips the test where it is not installed.</summary>
    private CliResult RunOnOclgrind(params string[] arguments)
    {
        const string Driver = "/usr/lib/oclgrind/liboclgrind-rt-icd.so";
        Skip.IfNot(File.Exists(Driver), "Oclgrind is not installed");
        File.WriteAllText(_folder["oclgrind.icd"], Driver + '\n');
        return CliProcess.Run(arguments, new Dictionary<string, string?> { ["OCL_ICD_VENDORS"] = _folder.Path });
    }

    [SkippableFact]
    public void A_driver_that_does_not_compile_the_kernels_is_one_line_that_names_the_device()
    {
        JsonElement device = FirstDevice();
        Skip.IfNot(
            device.GetProperty("vendor").GetString()?.Contains("pocl", StringComparison.OrdinalIgnoreCase) == true,
            "only PoCL takes compiler options from the environment");
        CliResult result = CliProcess.Run(
            ["train", "--dataset", "digits", "--device", SelectorOf(device)],
            new Dictionary<string, string?> { ["POCL_EXTRA_BUILD_FLAGS"] = "-Dgoto=unknown", ["POCL_CACHE_DIR"] = _folder.Path });
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        // PoCL's compiler writes to standard error, too.
        Assert.StartsWith(
            $"error: device \"{SelectorOf(device)}\" ({device.GetProperty("name")}): its driver could not make the kernels " +
                $"ready (CL_BUILD_PROGRAM_FAILURE); ",
            result.Error.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }
}

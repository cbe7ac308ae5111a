using CommandLine;
using IlgpuDistance.Cli.Verification;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Cli.Verbs;

[Verb("verify", HelpText = "Check every device here against PyTorch's figures and against the CPU, and take its speed.")]
internal sealed class VerifyVerb : DataOptionsVerb
{
    private const string AllDevices = "all";

    [Option("device", Default = AllDevices, MetaValue = "DEVICE",
        HelpText = "all, auto, cpu, cuda, opencl, cuda:N or opencl:N; \"ilgpu-distance devices\" lists them.")]
    public string Device { get; set; } = AllDevices;

    [Option("executor", HelpText = "How networks run. Default: simd on the CPU, kernels elsewhere.")]
    public ExecutorKind? Executor { get; set; }

    [Option("force-opencl", HelpText = ComputeVerb.ForceOpenClHelp)]
    public bool ForceOpenCl { get; set; }

    [Option("threads", MetaValue = "N", HelpText = "Worker threads of the CPU. Default: one per logical processor.")]
    public int? Threads { get; set; }

    [Option("quick", HelpText = "Fewer networks and epochs, and times on the built-in digits: under a minute for most devices.")]
    public bool Quick { get; set; }

    [Option("out", MetaValue = "FILE",
        HelpText = "Write what was found to a file: .html or .md, without names of people, machines or folders.")]
    public string? Out { get; set; }

    private readonly List<DeviceVerdict> _verdicts = [];

    public override int Run()
    {
        if (Out is not null)
        {
            OutputFile.Check(new Setting("the report"), Out);
            if (!VerificationReport.IsHtml(Out) && !Out.EndsWith(".md", StringComparison.OrdinalIgnoreCase))
                throw new InputException($"--out {Out}: expected a name that ends with .html or .md");
        }
        IReadOnlyList<DeviceInfo> devices = Devices();
        // Nothing is downloaded for a check.
        DatasetRequest request = DatasetRequest with { Download = DownloadPolicy.Offline };
        ResolvedDataset? data = Quick && request.NamesNothing ? null : LoadDataset(request, quiet: true);
        Training.Data.Dataset images = data?.Dataset ?? Training.Data.Dataset.ReadDigits();
        using IDisposable heeding = Interruption.Heed();
        try
        {
            foreach (DeviceInfo device in devices)
                Verify(device, images);
        }
        catch (OperationCanceledException) when (Interruption.Token.IsCancellationRequested)
        {
            WriteReport(images.Name, isWhole: false);
            Terminal.Tell("interrupted; not everything was checked");
            return Interruption.ExitCode;
        }
        WriteReport(images.Name, isWhole: true);
        return Conclude();
    }

    private List<DeviceInfo> Devices()
    {
        if (!Device.Equals(AllDevices, StringComparison.OrdinalIgnoreCase))
        {
            DeviceInfo chosen = Device.Equals("auto", StringComparison.OrdinalIgnoreCase)
                ? DeviceCatalog.Choose("auto", DeviceCatalog.List(ForceOpenCl))
                : ComputeDevice.Check(Device, Threads, ForceOpenCl);
            ExecutorFactory.Check(chosen, Executor);
            return [chosen];
        }
        IReadOnlyList<DeviceInfo> devices = DeviceCatalog.List(ForceOpenCl);
        foreach (DeviceInfo device in devices.Where(device => !device.IsUsable))
            Terminal.Tell($"{device.Selector} is left out: {device.Name} {Terminal.InWords(device.RefusalAndRemedy!)}");
        List<DeviceInfo> usable = [.. devices.Where(device => device.IsUsable)];
        foreach (DeviceInfo device in usable)
            ExecutorFactory.Check(device, Executor);
        return usable;
    }

    private void Verify(DeviceInfo info, Training.Data.Dataset images)
    {
        var verdict = new DeviceVerdict(info.Selector) { Description = info.Name };
        _verdicts.Add(verdict);
        ExecutorFactory executors;
        try
        {
            executors = Open(info, profiling: true);
        }
        catch (InputException error)
        {
            verdict.Checks.Add(new CheckResult("opening the device", Passed: false, Terminal.InWords(error), 0));
            VerifyDisplay.Print(verdict.Checks[0]);
            return;
        }
        using ComputeDevice device = executors.Device;
        using var cpu = ComputeDevice.Open("cpu", Threads);
        verdict.Description = VerificationText.Of(executors);
        Terminal.Print($"{verdict.Description}:");
        var verified = new VerifiedDevice(
            executors, new ExecutorFactory(cpu, ExecutorKind.Simd), () => Open(info, profiling: false, threads: 1));
        var verifier = new Verifier(Quick ? Effort.Quick : Effort.Whole, images, Interruption.Token);
        VerifyDisplay.Watch(begin => verifier.Verify(verified, verdict, begin, VerifyDisplay.Print));
    }

    private ExecutorFactory Open(DeviceInfo info, bool profiling, int? threads = null)
    {
        var device = ComputeDevice.Open(
            info.Selector, info.Kind == DeviceKind.Cpu ? threads ?? Threads : null, ForceOpenCl, profiling);
        return new ExecutorFactory(device, Executor);
    }

    private void WriteReport(string data, bool isWhole)
    {
        if (Out is null)
            return;
        VerificationReport.Write(Out, _verdicts, data, isWhole);
        Terminal.Print($"The report is in {Out}.");
    }

    private int Conclude()
    {
        string[] failed =
        [
            .. _verdicts.SelectMany(verdict => verdict.Checks.Where(check => !check.Passed)
                .Select(check => $"{verdict.Selector}: {check.Title}")),
        ];
        if (failed.Length == 0)
        {
            Terminal.Print($"passed: {_verdicts.Sum(verdict => verdict.Checks.Count)} checks on " +
                $"{string.Join(", ", _verdicts.Select(verdict => verdict.Selector))}");
            return 0;
        }
        Terminal.Fail($"failed: {string.Join("; ", failed)}");
        return 1;
    }
}

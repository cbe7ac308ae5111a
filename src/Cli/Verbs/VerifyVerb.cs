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
            if (!VerificationReport.IsHtml(Out) && !Out.EndsWith(".md", StringComparison.OrdinalIgnoreCase))
                throw new InputException($"--out {Out}: expected a name that ends with .html or .md");
            OutputFile.Check(new Setting("out"), Out, isRewritten: true);
        }
        IReadOnlyList<DeviceInfo> devices = Devices();
        DatasetRequest request = DatasetRequest with { Download = DownloadPolicy.Never };
        ResolvedDataset? data = Quick && request.NamesNothing ? null : LoadDataset(request, quiet: true);
        Training.Data.Dataset images = data?.Dataset ?? Training.Data.Dataset.ReadDigits();
        _verdicts.AddRange(devices.Select(device => new DeviceVerdict(device.Selector)
        {
            Description = device.Name,
            Refusal = device.RefusalAndRemedy is { } refusal ? Terminal.InWords(refusal) : null,
        }));
        using IDisposable heeding = Interruption.Heed();
        bool isInterrupted = false;
        try
        {
            foreach (var (device, verdict) in devices.Zip(_verdicts).Where(pair => pair.First.IsUsable))
            {
                // What is known is in the file before a driver may end the program.
                WriteReport(images.Name);
                Verify(device, verdict, images);
                verdict.IsComplete = true;
            }
        }
        catch (OperationCanceledException) when (Interruption.Token.IsCancellationRequested)
        {
            isInterrupted = true;
        }
        WriteReport(images.Name);
        if (Out is not null)
            Terminal.Print($"The report is in {Out}.");
        if (!isInterrupted)
            return Conclude();
        Terminal.Tell("interrupted; not everything was checked");
        return Interruption.ExitCode;
    }

    /// <summary>
    /// What is checked; and, unless one device is named, what cannot be used, which a verdict must not pass over in silence.
    /// </summary>
    private DeviceInfo[] Devices()
    {
        bool isAll = Device.Equals(AllDevices, StringComparison.OrdinalIgnoreCase);
        if (!isAll && !DeviceSelector.IsValid(Device))
            throw DeviceSelector.Invalid(Device, AllDevices);
        DeviceInfo[] devices;
        if (isAll || Device.Equals("auto", StringComparison.OrdinalIgnoreCase))
        {
            IReadOnlyList<DeviceInfo> listed = DeviceCatalog.List(ForceOpenCl);
            DeviceInfo best = DeviceCatalog.Choose("auto", listed);
            devices = [.. listed.Where(device => isAll || device == best || !device.IsUsable)];
        }
        else
        {
            devices = [ComputeDevice.Check(Device, Threads, ForceOpenCl)];
        }
        foreach (DeviceInfo device in devices.Where(device => device.IsUsable))
            ExecutorFactory.Check(device, Executor);
        return devices;
    }

    private void Verify(DeviceInfo info, DeviceVerdict verdict, Training.Data.Dataset images)
    {
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
        verdict.Expected = executors.Kind == ExecutorKind.Kernels ? ExpectedShares.For(device.Info) : null;
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

    private void WriteReport(string data)
    {
        if (Out is not null)
            VerificationReport.Write(Out, _verdicts, data);
    }

    private int Conclude()
    {
        string[] failed =
        [
            .. _verdicts.SelectMany(verdict => verdict.Checks.Where(check => !check.Passed)
                .Select(check => $"{verdict.Selector}: {check.Title}")),
        ];
        string[] unused =
        [
            .. _verdicts.Where(verdict => verdict.Refusal is not null)
                .Select(verdict => $"; {verdict.Selector} was not used: {verdict.Description} {verdict.Refusal}"),
        ];
        if (failed.Length == 0)
        {
            Terminal.Print($"passed: {_verdicts.Sum(verdict => verdict.Checks.Count)} checks on " +
                string.Join(", ", _verdicts.Where(verdict => verdict.IsComplete).Select(verdict => verdict.Selector)) +
                string.Concat(unused));
            return 0;
        }
        Terminal.Fail($"failed: {string.Join("; ", failed)}{string.Concat(unused)}");
        return 1;
    }
}

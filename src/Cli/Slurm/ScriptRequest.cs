using IlgpuDistance.Cli.Experiments;
using IlgpuDistance.Cli.Verbs;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Runs;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Cli.Slurm;

/// <summary>What <c>reproduce --sbatch</c> does in place of the training.</summary>
internal sealed class ScriptRequest
{
    private readonly ReproduceVerb _verb;
    private readonly string _device;

    private ScriptRequest(ReproduceVerb verb) => (_verb, _device) = (verb, verb.Device);

    /// <summary>
    /// Before the device is opened: where the GPU for which a script is written is not here, the processor is to measure in its
    /// place.
    /// </summary>
    /// <param name="verb">The verb with the options.</param>
    public static ScriptRequest Of(ReproduceVerb verb)
    {
        var request = new ScriptRequest(verb);
        try
        {
            ComputeDevice.Check(verb.Device, verb.Threads, verb.ForceOpenCl);
        }
        catch (InputException error) when (DeviceSelector.Parse(verb.Device).Kind is DeviceKind.Cuda or DeviceKind.OpenCL)
        {
            Terminal.Warn($"{Terminal.InWords(error)}; the times are measured on the processor of this machine instead");
            (verb.Device, verb.Executor) = ("cpu", null);
        }
        return request;
    }

    /// <summary>Measures with what a task will have, and writes the script.</summary>
    /// <param name="folder">The experiment's folder.</param>
    /// <param name="asked">The models and runs that are asked for.</param>
    /// <param name="runs">The runs; at least one.</param>
    /// <param name="models">The models, in the order in which shares count them.</param>
    /// <param name="devices">Where to measure.</param>
    /// <param name="interval">How often checkpoints are saved.</param>
    public void Write(ExperimentFolder folder, ExperimentDescription asked, IReadOnlyList<PlannedRun> runs,
        IReadOnlyList<ExperimentModel> models, ExperimentDevices devices, CheckpointInterval interval)
    {
        string path = _verb.Sbatch!;
        bool isHere = _device == _verb.Device;
        devices.OpenForTask();
        DeviceKind kind = devices.First.Device.Kind;
        var job = new ExperimentJob
        {
            Runs = runs,
            Models = models,
            RunsPerModel = asked.Runs,
            Costs = new ExperimentRunner(devices.Executors, interval)
                .Measure(runs.Where(run => run.Result is null), _verb.Interruption.Token),
            Plan = folder.Keep(asked),
            // Without its number: a task sees its own GPU only.
            Device = isHere ? kind.ToString().ToLowerInvariant() : _device.Split(':')[0],
            Threads = isHere && kind == DeviceKind.Cpu ? devices.First.Device.Threads : null,
            Jobs = _verb.Jobs ?? 1,
            Tasks = _verb.Tasks,
            Folder = folder.Path,
            Options = _verb.Arguments,
        };
        BatchScript script = job.ToScript();
        script.Write(path);
        Terminal.Print(
            $"{path}: {script.Content} in {Numbers.Of(script.Tasks, "task")} of about {Duration.Text(script.Seconds)} at most; " +
            $"\"bash {ShellWords.Quoted(path)}\" submits them, with a job for the report behind them");
        if (script.TooMany is { } problem)
            Terminal.Warn($"{path}: {problem}");
    }
}

using IlgpuDistance.Cli.Verbs;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Cli;

/// <summary>The names that the options of a verb give to the settings of the library, of which its messages speak.</summary>
internal sealed class OptionNames(VerbDescription verb)
{
    /// <summary>Where an option is not called as the library calls the setting, with dashes.</summary>
    private static readonly Dictionary<Setting, string> Others = new()
    {
        [Settings.Dataset] = "--dataset",
        [Settings.DataFolder] = "--data",
        [Settings.Classes] = "--classes",
        [Settings.Transposition] = "--transpose",
        [Settings.Offline] = "--offline",
        [Settings.LearningRate] = "--lr",
        [Settings.Schedule] = "--lr-schedule",
        [Settings.RateFactors] = "--lr-of",
        [Settings.InitialModel] = "--init",
        [Settings.EvaluateEvery] = "--eval-every",
        [Settings.CheckpointEpochs] = "--checkpoint-every",
        [Settings.CheckpointSeconds] = "--checkpoint-seconds",
        [Settings.OutputFolder] = "--out",
        [Settings.TensorBoardFolder] = "--tensorboard",
        [Settings.HistogramEpochs] = "--tensorboard-every",
        [Settings.Resumption] = "--resume",
        [Settings.Replacement] = "--force",
        [Settings.BatchScript] = "--sbatch",
        [Settings.Analyses] = "--what",
        [Settings.RareFractions] = "--rare",
        [DeviceSettings.ForceOpenCl] = "--force-opencl",
        [DeviceSettings.PeakFlop] = "--peak-gflops",
        [DeviceSettings.PeakBytes] = "--peak-gbps",
    };

    private const string DevicesCommand = "\"ilgpu-distance devices\"";

    /// <summary>What a user of the verb knows a setting by; null where the verb has no option for it.</summary>
    public string? Of(Setting setting)
    {
        if (setting == DeviceSettings.Catalog)
            return DevicesCommand;
        string name = Others.GetValueOrDefault(setting) ?? $"--{setting.Name.Replace(' ', '-')}";
        return verb.Options.Any(option => option.Name == name) ? name : null;
    }
}

using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Training.Words;

/// <summary>What messages about data, trainings, experiments and analyses name.</summary>
internal static class Settings
{
    /// <summary>The name of the data set.</summary>
    public static Setting Dataset { get; } = new("data set");

    /// <summary>The folder with the files of the data set.</summary>
    public static Setting DataFolder { get; } = new("data folder");

    /// <summary>The number of classes.</summary>
    public static Setting Classes { get; } = new("number of classes");

    /// <summary>Whether rows and columns of the images are swapped.</summary>
    public static Setting Transposition { get; } = new("transposition");

    /// <summary>Whether data is downloaded before it is needed.</summary>
    public static Setting Download { get; } = new("download");

    /// <summary>Whether data is never downloaded.</summary>
    public static Setting Offline { get; } = new("ban on downloads");

    /// <summary>The network.</summary>
    public static Setting Model { get; } = new("model");

    /// <summary>The number of epochs.</summary>
    public static Setting Epochs { get; } = new("epochs");

    /// <summary>The learning rate.</summary>
    public static Setting LearningRate { get; } = new("learning rate");

    /// <summary>How parameters change with each step.</summary>
    public static Setting Optimizer => Gpu.Optimizers.Optimizer.Setting;

    /// <summary>How the learning rate changes.</summary>
    public static Setting Schedule { get; } = new("learning rate schedule");

    /// <summary>Factors of the learning rate by what a parameter is to its layer.</summary>
    public static Setting RateFactors => Gpu.Optimizers.RateFactors.Setting;

    /// <summary>The seed of all that is random.</summary>
    public static Setting Seed { get; } = new("seed");

    /// <summary>What a network sees of a pixel.</summary>
    public static Setting InputScale { get; } = new("input scale");

    /// <summary>The file or folder with the parameters to begin with.</summary>
    public static Setting InitialModel { get; } = new("initial parameters");

    /// <summary>The SHA-256 of that file.</summary>
    public static Setting InitialModelSha256 { get; } = new("SHA-256 of the initial parameters");

    /// <summary>Samples per step.</summary>
    public static Setting BatchSize { get; } = new("batch size");

    /// <summary>Epochs between two evaluations.</summary>
    public static Setting EvaluateEvery { get; } = new("epochs between evaluations");

    /// <summary>Which of several runs with the same seed.</summary>
    public static Setting Run { get; } = new("run");

    /// <summary>Epochs between two checkpoints.</summary>
    public static Setting CheckpointEpochs { get; } = new("epochs between checkpoints");

    /// <summary>Seconds between two checkpoints.</summary>
    public static Setting CheckpointSeconds { get; } = new("seconds between checkpoints");

    /// <summary>The folder in which results are left.</summary>
    public static Setting OutputFolder { get; } = new("folder of results");

    /// <summary>The folder for TensorBoard's events.</summary>
    public static Setting TensorBoardFolder { get; } = new("TensorBoard folder");

    /// <summary>Epochs between two histograms of the parameters.</summary>
    public static Setting HistogramEpochs { get; } = new("epochs between histograms");

    /// <summary>Whether a run that was begun goes on.</summary>
    public static Setting Resumption { get; } = new("resumption");

    /// <summary>Whether a run that is there is replaced.</summary>
    public static Setting Replacement { get; } = new("replacement");

    /// <summary>The share of an experiment's runs that a process has.</summary>
    public static Setting Shard { get; } = new("shard");

    /// <summary>The file for a script of a batch system.</summary>
    public static Setting BatchScript { get; } = new("batch script");

    /// <summary>The models of an experiment.</summary>
    public static Setting Models { get; } = new("models");

    /// <summary>The name of an experiment of the paper.</summary>
    public static Setting Experiment { get; } = new("experiment");

    /// <summary>The size of an experiment.</summary>
    public static Setting Preset { get; } = new("preset");

    /// <summary>The kinds of analyses.</summary>
    public static Setting Analyses { get; } = new("analyses");

    /// <summary>The fractions below which an activity is called rare.</summary>
    public static Setting RareFractions { get; } = new("rare fractions");

    /// <summary>The node whose class distributions are shown.</summary>
    public static Setting Node { get; } = new("node");
}

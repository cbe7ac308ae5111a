using IlgpuDistance.Training.Experiments.Reports.Figures;

namespace IlgpuDistance.Training.Analysis.Figures;

/// <summary>The classes along one node.</summary>
internal static class ClassDistributionsFigure
{
    /// <summary>Draws it.</summary>
    public static Figure? Draw(ModelAnalysis model, RunAnalysis run) => null;
}

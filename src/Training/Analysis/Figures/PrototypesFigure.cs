using IlgpuDistance.Training.Experiments.Reports.Figures;

namespace IlgpuDistance.Training.Analysis.Figures;

/// <summary>μ and α of every class.</summary>
internal static class PrototypesFigure
{
    /// <summary>Draws it.</summary>
    public static Figure Draw(ModelAnalysis model, PrototypeAnalysis prototypes) => throw new NotImplementedException();
}
